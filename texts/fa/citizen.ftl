## خوش‌آمد و راهنما

welcome =
    سلام. اینجا ۱۳۷ { $city } است.
    مشکل شهر را بنویسید، عکسش را بفرستید یا صدا ضبط کنید؛ بقیه را از شما می‌پرسیم.
help =
    <b>چطور کار می‌کند</b>
    ۱. مشکل را بنویسید یا عکس بفرستید.
    ۲. جای آن را بفرستید: موقعیت، نشانی یا پیوند نقشه.
    ۳. «ثبت» را بزنید و کد پیگیری بگیرید.

    هر تغییری را همین‌جا خبر می‌دهیم و در پایان نظر شما را می‌پرسیم.
    شمارهٔ تماس لازم نیست. هر جا خواستید «بازگشت»، «لغو» یا «از نو» را بنویسید.
    نوشته‌ها و نشانی شما را فقط میز ۱۳۷ و واحد مسئول می‌بینند.
    عکس را هم همان‌ها می‌بینند؛ تنها اگر همشهری دیگری همان‌جا همان مشکل را بنویسد یا «اطراف من» را نگاه کند، عکس درخواست باز را بی‌نام به او نشان می‌دهیم تا با آن همراه شود یا خبرش را بگیرد.
command-start = شروع
command-new = ثبت درخواست
command-my = درخواست‌های من
command-track = پیگیری با کد
command-help = راهنما
command-cancel = لغو
menu-new = ثبت درخواست
menu-mine = درخواست‌های من
menu-track = پیگیری با کد
menu-help = راهنما
menu-placeholder-staff = کد را بنویسید
menu-placeholder = مشکل را بنویسید
place-placeholder = نشانی را بنویسید
greeting-back =
    سلام، در خدمتیم.
    مشکل شهر را بنویسید یا عکسش را بفرستید تا ثبت کنیم.
only-signs = با چند کلمه یا یک عکس بگویید چه شده تا ثبت کنیم.
cannot-read-this = این پیام را نمی‌توانیم بخوانیم. لطفاً بنویسید، عکس بفرستید یا صدا ضبط کنید.
unknown-command = این دستور را نمی‌شناسیم.
nothing-to-cancel = چیزی نیمه‌کاره نیست. هر وقت خواستید بنویسید.
left = باشد، کنار گذاشتیم.

## کلمه‌هایی که کار دکمه را می‌کنند (با | جدا می‌شوند)

spoken-cancel = لغو|انصراف|بیخیال|ولش کن|کنسل|cancel
spoken-file = ثبت|ثبت کن|ثبت کنید|ثبت شود|ثبت بشه
spoken-yes = بله|بلی|آره|اره|تایید|تأیید|تایید می‌کنم|درسته|درست است|اوکی|باشه
spoken-no = نه|خیر|نخیر|نه جداست|جداست|نیست|نه نیست
spoken-back = بازگشت|برگشت|برگرد|قبلی
spoken-skip = رد کردن|رد کن|بعدی|نمی‌دانم|نمیدونم
spoken-restart = از نو|شروع دوباره|از اول
spoken-help = راهنما|help
spoken-mine = درخواست‌های من|درخواستهای من
spoken-track = پیگیری|پیگیری با کد|کد پیگیری
spoken-new = ثبت درخواست|ثبت درخواست تازه|درخواست جدید|درخواست تازه
spoken-start = شروع|استارت|start

## پرسش‌ها

ask-words = { $place ->
    [yes] جای آن را گرفتیم. چه مشکلی هست؟ بنویسید، عکس بفرستید یا صدا ضبط کنید.
   *[no] چه مشکلی هست؟ بنویسید، عکس بفرستید یا صدا ضبط کنید.
}
ask-subject =
    کدام به مشکل شما نزدیک‌تر است؟
    اگر هیچ‌کدام نیست، «موضوع دیگر» را بزنید.
ask-subject-unknown = موضوع را خودتان انتخاب می‌کنید یا کارشناس تعیین کند؟
ask-subject-search = یکی دو کلمه از موضوع را بنویسید، یا از این دسته‌ها انتخاب کنید:
ask-subject-in-group = کدام؟
subject-found = کدام به مشکل شما نزدیک‌تر است؟
subject-not-found = با این کلمه‌ها چیزی پیدا نکردیم. جور دیگری بنویسید یا بگذارید کارشناس تعیین کند.
understood = <b>{ $subject }</b>؛ درست فهمیدم؟
chosen = موضوع: <b>{ $subject }</b>
understood-desk = موضوع را کارشناس ۱۳۷ تعیین می‌کند.
outside-city =
    این کار با «{ $body }» است: تلفن { N($phone) }.
    اگر بخواهید اینجا هم ثبت می‌کنیم تا شمرده شود.
shared-city = بخشی از این کار با «{ $body }» است: تلفن { N($phone) }. اینجا هم ثبت می‌کنیم.
ask-place =
    کجاست؟
    موقعیت بفرستید یا نشانی را بنویسید.
ask-place-person =
    کجایید؟
    موقعیت را بفرستید یا نشانی را بنویسید.
place-how = اگر دکمهٔ موقعیت کار نکرد، نشانی را بنویسید، یا از برنامهٔ نقشه پیوند همان نقطه را بفرستید.
ask-district =
    «{ $address }» در کدام منطقه است؟
    اگر نمی‌دانید، میز ۱۳۷ پیدا می‌کند.
ask-twin = { $whose ->
    [mine]
        شما { $since } درخواستی مانند این با کد { N($code) } ثبت کرده‌اید که هنوز باز است. همان مشکل است؟
        اگر همان باشد، نوشته و عکس تازه را به آن می‌افزاییم.
    [joined]
        با درخواست { N($code) } در همین نزدیکی همراه شده‌اید که هنوز باز است. همان مشکل است؟
        اگر همان باشد، نوشته و عکس تازه را به آن می‌افزاییم.
   *[other]
        { $metres ->
            [0] همین‌جا
           *[other] حدود { N($metres) } متر آن‌طرف‌تر
        } درخواستی با موضوع «{ $subject }» { $since } ثبت شده که هنوز باز است. مشکل شما هم همان است؟
        اگر همان باشد با آن همراه می‌شوید: خبرهایش به شما هم می‌رسد و در پایان نظر شما را هم می‌پرسیم.
}
ask-second =
    گویا از «{ $subject }» هم گفته‌اید: «{ $words }»
    آن را هم جداگانه ثبت کنیم؟ جا و عکس‌ها همان می‌ماند.
twin-unclear = روشن نشد که پاسخ این پرسش است یا نه. لطفاً یکی از دکمه‌های زیر همین پیام را بزنید.
twin-apart = باشد، جداگانه ثبت می‌کنیم.
joined-request = با درخواست { N($code) } همراه شدید. با شما { N($count) } نفر همین را خواسته‌اند.
support-left = باشد. دیگر از این درخواست برایتان خبری نمی‌فرستیم.
status-joined = شما با این درخواست همراه هستید.
withdrawn-goes-on =
    درخواست { N($code) } دیگر به نام شما نیست.
    چون دیگران هم همین را خواسته‌اند، برای آن‌ها باز می‌ماند.
ask-edit = کدام را عوض کنیم؟
ask-photos = { $count ->
    [0] عکس‌ها را بفرستید (تا ۱۰ عکس). تمام که شد «ادامه» را بزنید.
   *[other] { N($count) } پیوست داریم. اگر باز هم هست بفرستید، وگرنه «ادامه» را بزنید.
}
ask-contact =
    اگر شماره بدهید، واحد مسئول می‌تواند با شما تماس بگیرد. جای دیگری دیده نمی‌شود.
    دکمه را بزنید یا شماره را بنویسید.
words-added = به متن افزودیم.
words-added-place =
    به متن افزودیم.
    هنوز جای آن را نمی‌دانیم: موقعیت را بفرستید یا نشانی را بنویسید.
words-changed = متن را اصلاح کردیم.
words-cut = متن خیلی بلند بود؛ بخش اول آن را نگه داشتیم.
photo-place =
    این عکس در «{ $where }» گرفته شده است.
    جای مشکل همان‌جاست؟
contact-verified = شمارهٔ شما ({ N($phone) }) ثبت شد.
contact-typed = شمارهٔ { N($phone) } را برای تماس نوشتیم.
contact-of-another = این شماره از حساب دیگری است؛ آن را فقط برای تماس نوشتیم: { N($phone) }
contact-anonymous = باشد، بی‌نام می‌ماند.
cannot-skip = بدون این نمی‌توانیم درخواست را به واحد درست بفرستیم.

## دکمه‌ها

button-back = بازگشت
button-cancel = لغو
button-restart = از نو
button-go-on = ادامه
button-leave = انصراف
button-older = قدیمی‌ترها
button-other-subject = موضوع دیگر
button-desk-decides = کارشناس تعیین کند
button-send-place = 📍 ارسال موقعیت
button-same-address = همین نشانی: { $address }
button-is-address = نشانی همین است: { $address }
button-photo-place-yes = بله، همان‌جاست
button-photo-place-no = نه
button-district-unknown = نمی‌دانم
button-file = ثبت
button-edit = ویرایش
button-add-photo = افزودن عکس
button-give-phone = شمارهٔ تماس می‌دهم
button-send-phone = ارسال شمارهٔ من
button-stay-anonymous = بی‌نام بماند
button-edit-words = متن
button-edit-subject = موضوع
button-edit-place = جای مشکل
button-edit-district = منطقه
button-edit-photos = عکس‌ها
button-edit-contact = شمارهٔ تماس
button-second-yes = بله، جداگانه
button-second-no = نه
button-twin-yes = بله، همان است
button-twin-no = نه، جداست
button-support-leave = دیگر خبر نمی‌خواهم
button-photos-done = ادامه
button-photos-drop = حذف همهٔ عکس‌ها
button-solved = بله، حل شد
button-not-solved = نه، حل نشد
button-agree = بله، می‌پذیرم
button-disagree = نه، اعتراض دارم
button-answer = پاسخ می‌دهم
button-timeline = دیدن درخواست
button-add = افزودن توضیح یا عکس
button-withdraw = پس گرفتن درخواست
button-withdraw-yes = بله، پس می‌گیرم

## مرور

review-heading = <b>مرور درخواست</b>
review-subject = موضوع: { $subject }
review-place = { $mapped ->
    [yes] جا: { $place } (با موقعیت)
   *[no] جا: { $place }
}
review-district = { $district }
review-district-approximate = { $district } (تقریبی؛ قابل ویرایش)
review-district-desk = منطقه: میز ۱۳۷ پیدا می‌کند
review-attached = { $photos ->
    [0] { $others ->
        [0] بدون عکس
       *[other] { N($others) } پیوست
    }
   *[other] { $others ->
        [0] { N($photos) } عکس
       *[other] { N($photos) } عکس و { N($others) } پیوست
    }
}
review-anonymous = بی‌نام، بدون شمارهٔ تماس
review-phone-wise = بی‌نام، بدون شمارهٔ تماس (برای این موضوع بهتر است شماره بدهید تا واحد بتواند با شما تماس بگیرد)
review-contact = شمارهٔ تماس: { N($phone) }
review-words = «{ $words }»
review-asked = ثبت شود؟
subject-desk = کارشناس تعیین می‌کند
subject-unknown = موضوع نامعلوم
place-on-map = نقطهٔ روی نقشه

## ثبت

filed = ثبت شد. کد پیگیری: <b>{ N($code) }</b>
filed-unit =
    به «{ $unit }» رفت؛ مهلت رسیدگی: { $deadline }
filed-desk =
    میز ۱۳۷ آن را می‌خواند و به واحد درست می‌فرستد؛ مهلت رسیدگی: { $deadline }
filed-promise = هر تغییری را همین‌جا خبر می‌دهیم.
filed-already = این درخواست ثبت شده است. کد پیگیری: <b>{ N($code) }</b>

## خطر

numbers-joined = { $numbers }
danger =
    <b>اگر خطر جانی هست، نزدیک نشوید و همین حالا تماس بگیرید: { N($numbers) }</b>
    ما هم فوری خبر می‌دهیم.
danger-person =
    <b>تنها نیستید. همین حالا با این شماره‌ها تماس بگیرید: { N($numbers) }</b>
    شبانه‌روزی جواب می‌دهند.
danger-person-told = پیام شما را همین حالا به یکی از همکارانمان هم نشان دادیم.

## پیش‌نویس

draft-waiting = یک درخواست نیمه‌کاره دارید. ادامه می‌دهید یا از نو شروع کنیم؟
draft-reminder = درخواست شما نیمه‌کاره مانده است. هر وقت خواستید از همان‌جا ادامه دهید.
draft-expired = درخواست نیمه‌کارهٔ شما چند روز بی‌حرکت ماند و کنار گذاشته شد. هر وقت خواستید دوباره بنویسید.
draft-cancelled-now = لغو شد. چیزی ثبت نشد.
draft-fresh = از نو شروع می‌کنیم.

## درخواست‌های من

mine-none = هنوز درخواستی ثبت نکرده‌اید. مشکل را بنویسید یا عکسش را بفرستید.
mine = { $followed ->
    [0] { N($count) } درخواست دارید. کدام را ببینیم؟
   *[other] { $count ->
        [0] { N($followed) } درخواست را دنبال می‌کنید. کدام را ببینیم؟
       *[other] { N($count) } درخواست دارید و { N($followed) } درخواست را هم دنبال می‌کنید. کدام را ببینیم؟
    }
}
mine-row = { N($code) } · { $subject } · { $state }
ask-code = کد پیگیری را بنویسید.
code-wrong = این کد درست نیست؛ شاید رقمی جابه‌جا شده باشد. لطفاً دوباره نگاه کنید.
code-unknown = درخواستی با این کد پیدا نکردیم. لطفاً دوباره نگاه کنید.
request-heading = <b>کد { N($code) }</b> · { $subject }
request-place = جا: { $place }
status-waiting = نزد میز ۱۳۷ است تا به واحد درست برود.
status-assigned = نزد «{ $unit }» است و هنوز پاسخ نداده‌اند.
status-in-hand = «{ $unit }» آن را پذیرفته است.
status-under-way = «{ $unit }» کار را شروع کرده است.
status-asked-citizen = { $whose ->
    [mine] «{ $unit }» از شما پرسشی دارد و منتظر پاسخ شماست.
   *[other] «{ $unit }» از ثبت‌کننده پرسشی کرده و منتظر پاسخ اوست.
}
status-reopened = دوباره باز شد و نزد «{ $unit }» است.
status-closed = بسته شد: { $outcome }.
status-deadline-due = مهلت رسیدگی: { $when }
status-deadline-late = مهلت رسیدگی { $when } بود و گذشته است. پوزش می‌خواهیم.
status-not-yours = جزئیات را فقط کسی می‌بیند که درخواست را ثبت کرده یا با آن همراه شده است.
short-waiting = میز ۱۳۷
short-assigned = ارجاع شد
short-in-hand = پذیرفته شد
short-under-way = در حال انجام
short-asked-citizen = { $whose ->
    [mine] منتظر پاسخ شما
   *[other] منتظر پاسخ ثبت‌کننده
}
short-reopened = دوباره باز شد
outcome-solved = حل شد
outcome-warning = اخطار داده شد
outcome-guided = راهنمایی شد
outcome-not-municipal = کار شهرداری نیست
outcome-not-solved = حل نشد
outcome-withdrawn = پس گرفته شد

timeline-file = { $at }: ثبت شد
timeline-assign = { $at }: به «{ $unit }» رفت
timeline-accept = { $at }: «{ $unit }» پذیرفت
timeline-start = { $at }: «{ $unit }» کار را شروع کرد
timeline-solve = { $at }: «{ $unit }» گفت انجام شد{ $said }
timeline-not-solve = { $at }: «{ $unit }» گفت انجام نشد{ $said }
timeline-warn = { $at }: «{ $unit }» اخطار داد{ $said }
timeline-refer = { $at }: به «{ $unit }» سپرده شد{ $said }
timeline-outside = { $at }: کار نهاد دیگری است{ $said }
timeline-ask = { $at }: «{ $unit }» پرسید{ $said }
timeline-answer = { $at }: پاسخ شما{ $said }
timeline-guide = { $at }: میز ۱۳۷ راهنمایی کرد{ $said }
timeline-correct = { $at }: موضوع اصلاح شد؛ کار با «{ $unit }» است
timeline-add = { $at }: شما افزودید{ $said }
timeline-withdraw = { $at }: پس گرفتید
timeline-approve = { $at }: گفتید حل شد
timeline-object = { $at }: گفتید حل نشد{ $said }
timeline-join = { $at }: یک همشهری دیگر همراه شد
timeline-fall-silent = { $at }: نظری ندادید

ask-add = چه اضافه کنیم؟ بنویسید یا عکس بفرستید.
added = { $manager ->
    [yes] به درخواست { N($code) } افزوده شد و مدیر هنگام پاسخ آن را می‌بیند.
   *[no] به درخواست { N($code) } افزوده شد و واحد مسئول آن را می‌بیند.
}
ask-answer = پاسخ را بنویسید یا عکس بفرستید.
answered = پاسخ شما رسید. کار درخواست { N($code) } ادامه پیدا می‌کند.
ask-withdraw = { $others ->
    [0] درخواست { N($code) } را پس می‌گیرید؟ دیگر پیگیری نمی‌شود.
   *[other] درخواست { N($code) } را پس می‌گیرید؟ دیگر به نام شما نخواهد بود؛ برای همشهریانی که همراه شده‌اند باز می‌ماند.
}
withdrawn = درخواست { N($code) } پس گرفته شد.
approved-answer = نظرتان ثبت شد. ممنون که خبر دادید.
approved = خوشحالیم که حل شد. ممنون که خبر دادید.
ask-objection = چه مانده است؟ یکی را بزنید یا خودتان بنویسید.
reopened =
    { $head ->
        [yes] دوباره باز شد و این بار رئیس واحد هم خبردار شد.
        [inspector] دوباره باز شد و این بار بازرس میز ۱۳۷ خودش آن را بررسی می‌کند.
       *[no] دوباره باز شد.
    }
    نزد «{ $unit }» است؛ مهلت رسیدگی: { $deadline }
edit-too-late = ویرایش پیام‌های قبلی را نمی‌بینیم. اگر چیزی مانده، پیام تازه بفرستید یا از «درخواست‌های من» توضیح اضافه کنید.
photo-only = فقط عکس یا صدا

## خبرها

told-assign = درخواست { N($code) } ({ $subject }) به «{ $unit }» رفت؛ مهلت رسیدگی: { $deadline }
told-accept = «{ $unit }» درخواست { N($code) } ({ $subject }) را پذیرفت. خبر بعدی را همین‌جا می‌دهیم.
told-start = «{ $unit }» کار درخواست { N($code) } ({ $subject }) را شروع کرد. تمام که شد خبر می‌دهیم.
told-solve = «{ $unit }» می‌گوید درخواست { N($code) } ({ $subject }) انجام شد.
told-not-solve = «{ $unit }» می‌گوید درخواست { N($code) } ({ $subject }) انجام نشد.
told-warn = «{ $unit }» برای درخواست { N($code) } ({ $subject }) اخطار داد و { $date } دوباره سر می‌زند.
told-refer = کار درخواست { N($code) } ({ $subject }) با «{ $old_unit }» نبود و به «{ $unit }» سپرده شد؛ مهلت رسیدگی: { $deadline }
told-outside =
    درخواست { N($code) } ({ $subject }) کار شهرداری نیست و با «{ $body }» است.
    تلفن: { N($phone) }
told-ask = «{ $unit }» دربارهٔ درخواست { N($code) } ({ $subject }) از شما می‌پرسد:
told-correct = { $moved ->
    [yes] موضوع درخواست { N($code) } را به «{ $subject }» اصلاح کردیم و آن را به «{ $unit }» سپردیم؛ مهلت رسیدگی: { $deadline }
   *[no] موضوع درخواست { N($code) } را به «{ $subject }» اصلاح کردیم. همچنان «{ $unit }» به آن رسیدگی می‌کند؛ مهلت رسیدگی: { $deadline }
}
told-guide = پاسخ میز ۱۳۷ به درخواست { N($code) } ({ $subject }):
told-inherited = کسی که درخواست { N($code) } ({ $subject }) را ثبت کرده بود، آن را پس گرفت. چون شما هم همین را خواسته‌اید، درخواست باز می‌ماند و از این پس به نام شماست.
told-object = یکی از همشهری‌ها گفت درخواست { N($code) } ({ $subject }) حل نشده است. دوباره باز شد و نزد «{ $unit }» است؛ مهلت رسیدگی: { $deadline }
unit-says = «{ $words }»
asked-verdict = مشکل حل شد؟
asked-agreement = این پاسخ را می‌پذیرید؟

reason-not-come = اصلاً نیامدند
reason-half-done = نیمه‌کاره ماند
reason-again = دوباره تکرار شد

## عذرها

refused-old-button = این دکمه مال قبل است و دیگر کار نمی‌کند.
refused-draft-open = یک درخواست نیمه‌کاره دارید. اول آن را ثبت یا لغو کنید.
refused-draft-joined = این پیام به درخواستی که باز بود افزوده شد. از «درخواست‌های من» ببینید.
refused-twin-closed = آن درخواست همین حالا بسته شد. درخواست شما را جداگانه ثبت می‌کنیم.
refused-draft-unfinished = هنوز چیزی مانده است.
refused-draft-filed = این درخواست ثبت شده است. از «درخواست‌های من» ببینید.
refused-draft-cancelled = این پیش‌نویس لغو شده است. دوباره بنویسید تا ثبت کنیم.
refused-draft-expired = این پیش‌نویس کنار گذاشته شده است. دوباره بنویسید تا ثبت کنیم.
refused-position-empty = این موقعیت خالی است. دوباره بفرستید یا نشانی را بنویسید.
refused-position-outside = این نقطه بیرون از { $city } است. اگر درست نیست، دوباره بفرستید یا نشانی را بنویسید.
refused-short-link = این پیوند کوتاه است و نمی‌توانیم بازش کنیم. پیوند کامل را بفرستید یا نشانی را بنویسید.
refused-address-unclear = نشانی را متوجه نشدیم. نام خیابان یا محله را بنویسید.
refused-photos-full = بیشتر از { N($most) } عکس جا نمی‌شود؛ همان‌ها را نگه داشتیم.
refused-phone-unclear = این شماره درست نیست. مثل ۰۹۱۵۱۲۳۴۵۶۷ بنویسید یا دکمه را بزنید.
refused-file-empty = فایلی که فرستادید خالی بود. لطفاً دوباره بفرستید.
refused-file-cut = فایلی که فرستادید ناقص است و باز نشد. دوباره بفرستید یا عکس تازه‌ای بگیرید.
refused-file-broken = فایلی که فرستادید باز نشد. لطفاً دوباره بفرستید.
refused-file-too-big = فایلی که فرستادید خیلی بزرگ است. عکس یا ویدئوی کوچک‌تری بفرستید.
refused-file-type = این نوع فایل را نمی‌توانیم نگه داریم. عکس، صدا، ویدئو یا PDF بفرستید.
file-refused-filed = درخواست { N($code) } ثبت شده است؛ با دکمهٔ زیر به همان اضافه کنید.
refused-file-gone = فایلی که فرستادید به ما نرسید. لطفاً دوباره بفرستید.
refused-no-such-code = درخواستی با این کد نیست.
refused-not-your-request = این درخواست از شما نیست.
refused-not-yours = این کار با شما نیست.
refused-not-now = در این مرحله نمی‌شود.
refused-already-closed = این درخواست بسته شده است.
refused-already-judged = نظر شما پیش‌تر ثبت شده است.
refused-nothing-to-judge = این درخواست هنوز نتیجه‌ای ندارد.
refused-objection-window-over = مهلت اعتراض گذشته است. اگر مشکل هنوز هست، درخواست تازه ثبت کنید.
refused-done-already = همین حالا ثبت شد.
refused-needs-words-or-photo = چند کلمه بنویسید یا عکس بفرستید.

## وقتی خودمان اشتباه می‌کنیم

trouble-apology = پوزش می‌خواهیم، در پردازش پیام شما مشکلی پیش آمد. پیام نگه داشته شده و همکاران ما خبر شدند. لطفاً دوباره بفرستید.
trouble-note = پیام شمارهٔ { N($number) } ({ $messenger }) پردازش نشد و کنار گذاشته شد. از «وضعیت سامانه» می‌شود دوباره امتحانش کرد.
trouble-group-lost = ربات از گروه «{ $unit }» در { $messenger } بیرون گذاشته شد. کارت‌ها تا بازگشت برای اعضای واحد یا میز ۱۳۷ می‌روند.
