## صف میز ۱۳۷

queue = { $count ->
    [0] صف میز ۱۳۷ خالی است.
   *[other] <b>صف میز ۱۳۷</b>
}
queue-line = { $more ->
    [yes] { $kind }: بیش از { N($count) }
   *[no] { $kind }: { N($count) }
}{ $urgent ->
    [0] { "" }
   *[other] { " " }({ N($urgent) } فوری)
}
queue-kind-inspector = اعتراض سوم
queue-kind-objected = اعتراض‌ها
queue-kind-returned = برگشتی از واحدها
queue-kind-unsure = بی‌موضوع
queue-kind-unrouted = بی‌واحد
queue-kind-orphan = واحد بی‌عضو
queue-of-kind = <b>{ $kind }</b>، فوری‌ها و قدیمی‌ترها بالاتر:
queue-kind-empty = «{ $kind }» خالی است.
queue-row = { $urgent ->
    [yes] فوری ·{ " " }
   *[no] { "" }
}{ $waited } · { N($code) } · { $subject }
queue-held = درخواست { N($code) } هنوز دست شماست. اول آن را تمام کنید یا پس بدهید.
queue-taken = درخواست { N($code) } تا { N($minutes) } دقیقه دست شماست.
queue-given-back = درخواست { N($code) } به صف برگشت.
button-queue-next = برداشتن بعدی
button-queue-take = برمی‌دارم
button-queue-back = پس دادن به صف
button-queue = صف میز ۱۳۷
button-desk-list = فهرست همهٔ بازها
card-claimed = <b>دست { $who } است.</b>
refused-desk-only = این بخش برای کارشناسان میز ۱۳۷ است.
refused-claimed-by = این درخواست دست { $who } است. اگر تا { $until } کاری نکند، آزاد می‌شود.
refused-not-in-queue = این درخواست دیگر در صف میز ۱۳۷ نیست.
refused-not-taken = این درخواست دست شما نیست.
refused-queue-in-private = این دکمه را در گفت‌وگوی خصوصی با ربات بزنید.
