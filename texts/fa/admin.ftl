## مدیریت

admin-menu =
    <b>مدیریت ۱۳۷</b>
    چه کاری انجام شود؟
admin-invite = دعوت همکار
admin-open-invitations = دعوت‌های باز
admin-staff = همکاران
admin-groups = گروه‌ها
admin-notice = اطلاعیه به همه
admin-health = وضعیت سامانه
admin-refresh = تازه کردن
admin-done = انجام شد.
list-joint = { "، " }
messenger-telegram = تلگرام
messenger-bale = بله

## انتخاب واحد

admin-which-district = کدام منطقه؟
admin-organisations = سازمان‌ها و معاونت‌ها
admin-which-function = کدام بخش { $district }؟
admin-which-organisation = کدام یک؟
admin-which-unit = کدام واحد؟
admin-or-type-unit = یا نام واحد را بنویسید، مثل «پسماند ۴».
admin-no-such-unit = واحدی با این نام پیدا نکردیم.
admin-more-units = { N($count) } واحد دیگر هم هست؛ نام را کامل‌تر بنویسید.

## دعوت

admin-which-role = همکار تازه چه نقشی دارد؟
admin-inviting = دعوت برای نقش «{ $role }»
unit-role = { $role } · { $unit }
admin-letter =
    <b>{ $centre }</b>
    شما را به همکاری دعوت می‌کنیم: { $role }
    پیوند زیر فقط یک بار و تا { $until } کار می‌کند.
admin-letter-link = { $messenger }: { $link }
admin-letter-command = این را برای ربات بفرستید: <code>/start { $payload }</code>
admin-invited =
    دعوت شمارهٔ { N($number) } آماده است: { $role }
    پیام بالا را فقط برای همان همکار بفرستید؛ هر کس زودتر باز کند و بپذیرد، این نقش را می‌گیرد.
admin-invite-more = دعوت دیگر
admin-revoke = باطل کردن { N($number) }
admin-no-invitations = دعوت بازی نیست.
admin-open-list = <b>دعوت‌هایی که هنوز کار می‌کنند</b>
admin-invitation-line = { N($number) }. { $role }، تا { $until }
admin-revoked = دعوت شمارهٔ { N($number) } ({ $role }) باطل شد. پیوند آن دیگر کار نمی‌کند.
refused-invitation-just-made = همین حالا یک دعوت مثل این ساختیم. برای نفر بعدی چند ثانیه دیگر بزنید.

## همکاران

admin-staff-list = <b>{ N($count) } نقش</b>
admin-city-heading = <b>همهٔ شهر</b>
admin-unit-heading = <b>{ $unit }</b>
admin-staff-line = { $number }. { $name }، { $role }
admin-person = { $number }. { $name }
admin-or-type-person = برای جست‌وجو، بخشی از نام همکار یا واحد را بنویسید.
admin-nobody-found = کسی با این نام پیدا نکردیم.
admin-no-staff = هنوز همکاری نیست. از «دعوت همکار» شروع کنید.
admin-member =
    <b>{ $name }</b>
    { $role }
    از { $since }
admin-remove = گرفتن این نقش
admin-remove-sure = نقش «{ $role }» از { $name } گرفته شود؟ به خودش هم خبر می‌دهیم.
admin-remove-yes = بله، گرفته شود
admin-remove-no = نه، بماند
admin-removed = نقش «{ $role }» از { $name } گرفته شد.
admin-handed-back = { N($count) } درخواستی که در دست او بود به واحد برگشت.
admin-gone-to-desk = «{ $unit }» دیگر کسی ندارد؛ { N($count) } درخواست باز آن به میز ۱۳۷ رفت.
staff-removed =
    نقش «{ $role }» دیگر با شما نیست و دکمه‌هایش برای شما کار نمی‌کند.
    از همکاری شما ممنونیم. اگر اشتباهی شده، با مدیر سامانه صحبت کنید.
card-taken-back = درخواست { N($code) } دیگر نزد شما نیست.
refused-last-administrator = این تنها مدیر سامانه است. اول مدیر دیگری دعوت کنید.
refused-admin-in-private = این بخش را در گفت‌وگوی خصوصی با ربات باز کنید.

## گروه‌ها

admin-group-list = <b>گروه‌هایی که ربات دیده است</b>
admin-group-line = { $number }. { $title } ({ $messenger }): { $unit }
admin-group-lost-line = { $number }. { $title } ({ $messenger }): { $unit }؛ ربات در آن نیست
admin-no-unit = بدون واحد
admin-group = { $number }. { $title }
admin-group-how = برای گروه تازه، ربات را به گروه اضافه کنید و آنجا /unit را بفرستید.
admin-no-groups = ربات هنوز در گروهی نیست. ربات را به گروه واحد اضافه کنید و آنجا /unit را بفرستید.
group-has-unit = کارت‌های «{ $unit }» به گروه «{ $group }» می‌آیند. واحد دیگری باشد؟
group-has-none = گروه «{ $group }» برای کدام واحد است؟
group-unbind = جدا کردن گروه از واحد
group-bound = از این پس کارت‌های «{ $unit }» به این گروه می‌آیند.
group-bound-done = گروه «{ $group }» برای «{ $unit }» شد و در خود گروه هم گفتیم.
group-bound-already = گروه «{ $group }» از پیش برای «{ $unit }» است.
group-unbound = کارت‌های «{ $unit }» دیگر به این گروه نمی‌آیند.
group-unbound-done = گروه «{ $group }» دیگر واحدی ندارد.
group-asked = { $who } می‌خواهد کارت‌ها به گروه «{ $group }» بروند. برای کدام واحد تأیید می‌کنید؟ اگر نمی‌شناسید، کاری نکنید.
group-approve = تأیید: { $unit }
group-proposed = درخواست شما برای «{ $units }» به مدیران سامانه رسید. تأیید که کنند، همین‌جا خبر می‌دهیم.
refused-group-unknown = ربات در این گروه نیست.
refused-group-not-staff = واحد گروه را همکاران همان واحد یا مدیر سامانه تعیین می‌کنند.
refused-unit-in-group = این دستور را در گروه واحد بفرستید.

## اطلاعیه

notice-heading = <b>{ $centre }</b>
admin-write-notice =
    متن اطلاعیه را بنویسید.
    پیش از فرستادن، آن را همان‌طور که همه می‌بینند نشان می‌دهیم.
admin-earlier-notice = اطلاعیهٔ { N($number) }، { $at }
admin-notice-preview = همه آن را مثل پیام بالا می‌بینند. برای { N($count) } نفر فرستاده شود؟
admin-notice-share = { $messenger }: { N($count) } نفر
admin-notice-send = فرستادن به { N($count) } نفر
admin-notice-again = متن دیگر
admin-notice-dropped = اطلاعیه کنار گذاشته شد و برای کسی نرفت.
admin-notice-stop = توقف ارسال
admin-progress-sending = اطلاعیهٔ { N($number) }: { N($sent) } از { N($total) } فرستاده شد.
admin-progress-done = اطلاعیهٔ { N($number) } تمام شد: { N($sent) } از { N($total) } فرستاده شد.
admin-progress-cancelled =
    اطلاعیهٔ { N($number) } متوقف شد.
    به { N($sent) } نفر رسیده بود و برای { N($failed) } نفر نرفت.
admin-progress-failed = برای { N($failed) } نفر نرفت؛ ربات را بسته‌اند یا دیگر در پیام‌رسان نیستند.
admin-progress-under-way = { N($waiting) } پیام هنگام توقف در راه بود و شاید برسد.
admin-progress-toast = { N($sent) } از { N($total) }
admin-notice-stopped = متوقف شد. پیش از آن به { N($sent) } نفر از { N($total) } نفر رسیده بود.
refused-notice-empty = اطلاعیه باید نوشته باشد. متن آن را بنویسید.
refused-notice-too-long = متن { N($length) } نویسه است و بیشتر از { N($longest) } نویسه نمی‌شود. کوتاه‌ترش را بنویسید.
refused-notice-unknown = این اطلاعیه را پیدا نکردیم.
refused-notice-dropped = این اطلاعیه کنار گذاشته شده است. متن را دوباره بنویسید.
refused-notice-left = این اطلاعیه فرستاده شده است و دوباره فرستاده نمی‌شود.
refused-notice-over = این اطلاعیه پیش‌تر تمام یا متوقف شده است.

## وضعیت سامانه

health-well = <b>همه چیز درست کار می‌کند.</b>
health-not-well = <b>چیزی هست که باید دیده شود.</b>
health-connected = { $messenger }: وصل است، آخرین پیام { $heard }
health-not-connected = <b>{ $messenger }: از { $since } وصل نیست</b> ({ $reason })
health-nothing-yet = هنوز نیامده
health-why-conflict = برنامهٔ دیگری با همین توکن کار می‌کند
health-why-unauthorised = توکن درست نیست
health-why-server = پیام‌رسان پاسخ درستی نمی‌دهد
health-why-network = شبکه قطع است
health-why-rate = پیام‌رسان گفته آهسته‌تر
health-queues = در صف: { N($waiting_in) } پیام آمده، { N($waiting_out) } پیام رفتنی
health-quarantined = پیام‌های کنارگذاشته: { N($count) }
health-dead = پیام‌هایی که نرفتند: { N($count) }
health-trouble = شمارهٔ { N($number) } · { $messenger } · { $at } · <code>{ $problem }</code>
health-try-again = دوباره امتحان شود
health-put-aside = دیدم، کنار بگذار
health-again = { N($count) } مورد دوباره در صف رفت.
health-aside = { N($count) } مورد کنار گذاشته شد.
health-timers = یادآورهایی که انجام نشدند: { N($count) }
health-unreachable = { $messenger }: به { N($count) } نفر نمی‌توانیم پیام بدهیم (ربات را بسته‌اند یا هنوز باز نکرده‌اند)
health-all-reachable = به همهٔ شهروندان می‌توانیم پیام بدهیم.
health-group-lost = ربات از گروه «{ $group }» ({ $unit }) بیرون است؛ کارت‌های آن برای اعضای واحد یا میز ۱۳۷ می‌رود.
