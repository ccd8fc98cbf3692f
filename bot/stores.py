"""Which store the settings name."""

from importlib import import_module

from bot.settings import Settings
from storage.files import Files, Store


def store_of(settings: Settings) -> Store:
    """Return the folder of files, or the bucket where one is set; nothing is contacted yet."""
    folder = Files(settings.media_dir)
    if not (settings.s3_endpoint and settings.s3_bucket and settings.s3_access_key and settings.s3_secret_key):
        return folder
    bucket = import_module("storage.bucket")  # minio costs 0.15 s and 16 MB, so only where it is used
    place = bucket.Place(
        endpoint=settings.s3_endpoint,
        bucket=settings.s3_bucket,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
        prefix=settings.s3_prefix,
    )
    store: Store = bucket.Bucket(place, before=folder)
    return store
