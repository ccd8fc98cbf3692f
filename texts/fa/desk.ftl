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

## ثبت برای تماس‌گیرنده

menu-caller = تماس تلفنی
spoken-caller = تماس تلفنی|ثبت تماس
for-caller = { $known ->
    [yes] <b>برای تماس‌گیرنده، { N($phone) }</b>
   *[no] <b>برای تماس‌گیرندهٔ بی‌شماره</b>
}
ask-caller =
    شمارهٔ تماس‌گیرنده را بنویسید.
    اگر دربارهٔ درخواستی می‌پرسد، کد آن را هم می‌توانید بنویسید.
ask-callers-number = شمارهٔ تماس‌گیرنده را بنویسید. فقط میز ۱۳۷ و واحد مسئول آن را می‌بینند.
caller-waits = این تماس نیمه‌کاره مانده است. ادامه می‌دهید یا تماس دیگری است؟
caller-known =
    از { N($phone) } درخواست باز داریم. دربارهٔ یکی از این‌هاست؟
caller-row = { N($code) } · { $subject }
button-caller-unknown = بدون شماره
button-caller-new = درخواست تازه
button-caller-another = تماس دیگر
button-guided = راهنمایی شد
filed-for-caller = کد را به تماس‌گیرنده بگویید. اگر با همین شماره ربات را باز کند، خبرها به خودش می‌رسد.
ask-guidance = چه پاسخی دادید؟ یکی را بزنید یا بنویسید.
caller-guided = ثبت شد و با «راهنمایی شد» بسته شد. کد: <b>{ N($code) }</b>
told-filed-for = درخواستی که تلفنی گفتید با کد { N($code) } ({ $subject }) به نام شما ثبت شد. خبرهایش را همین‌جا می‌دهیم. اگر آن را شما نگفته‌اید، بازش کنید و «این را من نگفته‌ام» را بزنید.
callers-own = { $count ->
    [1] درخواستی را که با تماس تلفنی ثبت شده بود، به نام شما کردیم. از این پس خبرش را همین‌جا می‌دهیم. اگر آن را شما نگفته‌اید، بازش کنید و «این را من نگفته‌ام» را بزنید.
   *[other] { N($count) } درخواست را که با تماس تلفنی ثبت شده بود، به نام شما کردیم. از این پس خبرشان را همین‌جا می‌دهیم. اگر یکی را شما نگفته‌اید، بازش کنید و «این را من نگفته‌ام» را بزنید.
}
button-not-mine = این را من نگفته‌ام
ask-not-mine =
    درخواست { N($code) } را از نام شما برمی‌داریم{ $closed ->
        [yes] { "" }
       *[no] ؛ رسیدگی به آن ادامه دارد، ولی خبرش دیگر به شما نمی‌رسد
    }.
    آن را شما به ۱۳۷ نگفته‌اید؟
button-not-mine-yes = بله، از من نیست
button-not-mine-no = نه، بماند
not-mine = درخواست { N($code) } را از نام شما برداشتیم. شمارهٔ شما را اشتباه نوشته بودیم؛ ببخشید.
refused-disowned-already = این درخواست را پیش‌تر از نام شما برداشتیم.
caller-mistaken =
    کد { N($code) } · { $subject }
    صاحب این شماره می‌گوید این را او نگفته است. شماره را از درخواست برداشتیم{ $closed ->
        [yes] { "" }
       *[no] { " " }و رسیدگی ادامه دارد
    }.
refused-caller-has-no-chat = این درخواست تلفنی ثبت شده و شهروند پیام ما را نمی‌بیند. با «شمارهٔ تماس» از خودش بپرسید.
refused-owner-unreachable = شهروند ربات را بسته است و پرسش به او نمی‌رسد. { $phone ->
    [yes] با «شمارهٔ تماس» از خودش بپرسید.
   *[no] بدون آن ادامه دهید.
}
refused-asked-in-vain = شهروند به دو پرسش پاسخ نداد؛ بدون آن ادامه دهید.
refused-caller-unknown = این درخواست تلفنی و بی‌شماره ثبت شده است؛ کسی نیست که از او بپرسیم.

## جمله‌های آماده

button-write = می‌نویسم
write-it = درخواست { N($code) }: بنویسید.
template-no-deadline = زمانی که خبر می‌دهیم
template-guide-office-title = مراجعه به شهرداری منطقه
template-guide-office = برای این کار با کارت ملی به شهرداری منطقهٔ خود مراجعه کنید. شماره‌ای که برای پیگیری دارید: { $code }
template-guide-emergency-title = شماره‌های فوری
template-guide-emergency = برای آتش‌سوزی با ۱۲۵، برق با ۱۲۱، آب با ۱۲۲ و گاز با ۱۹۴ تماس بگیرید.
template-guide-bills-title = عوارض و پرداخت
template-guide-bills = عوارض را از سایت شهرداری یا با مراجعه به شهرداری منطقه می‌توانید ببینید و بپردازید.
template-ask-where-title = نشانی دقیق‌تر
template-ask-where = برای درخواست «{ $subject }» جای دقیق را نمی‌دانیم. لطفاً کوچه و پلاک را بنویسید یا موقعیت را بفرستید.
template-ask-photo-title = عکس
template-ask-photo = لطفاً یک عکس از محل «{ $subject }» بفرستید تا همکاران ما زودتر پیدایش کنند.
template-solve-team-title = گروه اجرایی انجام داد
template-solve-team = گروه اجرایی «{ $unit }» در محل حاضر شد و کار «{ $subject }» را انجام داد.
template-not-solve-nothing-found-title = در محل چیزی ندیدیم
template-not-solve-nothing-found = همکاران «{ $unit }» به محل رفتند و چیزی ندیدند. اگر هنوز هست، بنویسید دقیقاً کجاست.
template-warn-owner-title = اخطار به مالک
template-warn-owner = به مالک اخطار کتبی دادیم و پیگیری می‌کنیم.
template-uphold-visited-title = از محل بازدید شد
template-uphold-visited = از محل بازدید شد و پاسخ واحد با آنچه دیدیم یکی بود.
admin-templates = جمله‌های آماده
admin-template-deeds =
    <b>جمله‌های آماده</b>
    همکاران به جای نوشتن، یکی را می‌زنند. برای کدام کار؟
admin-template-deed = { $deed } ({ N($count) })
admin-template-list = <b>جمله‌های «{ $deed }»</b>
admin-template-none = برای «{ $deed }» هنوز جمله‌ای نیست.
admin-template-of = { $title } · { $subject }
admin-template-any = همهٔ موضوع‌ها
admin-template-add = جملهٔ تازه
admin-template-write =
    جمله برای «{ $deed }» را بنویسید. خط اول نوشتهٔ دکمه است و بقیه متن.
    این‌ها را خودمان پر می‌کنیم: <code>{ $known }</code>
admin-template =
    «{ $deed }» · { $subject }
    دکمه: { $title }
    نمونه: «{ $words }»
admin-template-kept = ذخیره شد.
admin-template-change = تغییر متن
admin-template-end = برداشتن
admin-template-subject = فقط برای یک موضوع
admin-template-which = برای کدام موضوع؟
admin-template-ended = جملهٔ «{ $title }» برداشته شد. آنچه پیش‌تر با آن گفته شده می‌ماند.
refused-template-empty = جمله‌ای ننوشتید. بنویسید یا «بازگشت» را بزنید.
refused-template-long = جمله بیشتر از { N($most) } نویسه نمی‌شود. کوتاه‌ترش را بنویسید.
refused-template-placeholder = { $name } را نمی‌توانیم پر کنیم. فقط این‌ها را می‌شناسیم: { $known }
refused-template-gone = این جمله پیش‌تر برداشته یا عوض شده است.
