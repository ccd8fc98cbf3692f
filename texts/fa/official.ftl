## کارت

card-heading = { $urgent ->
    [yes] <b>فوری</b> · کد <b>{ N($code) }</b> · { $subject }
   *[no] کد <b>{ N($code) }</b> · { $subject }
}
card-deadline = مهلت: { $when }
card-overdue = <b>{ $late } از مهلت گذشته</b>
card-place = { $district } · { $address }
card-place-mapped = { $place } · <a href="{ $link }">نقشه</a> · <a href="{ $route }">مسیر</a>
card-attached = { $photos ->
    [0] { N($others) } پیوست
   *[other] { $others ->
        [0] { N($photos) } عکس
       *[other] { N($photos) } عکس، { N($others) } پیوست دیگر
    }
}
card-words = «{ $words }»
card-profane = در این متن ناسزا هست.
card-supporters = { N($count) } نفر دیگر هم همین را خواسته‌اند
card-reopened = <b>شهروند { N($times) } بار گفته حل نشده است</b>
card-orphan = <b>«{ $unit }» هنوز عضوی ندارد؛ این کارت برای همین به میز ۱۳۷ آمد.</b>
card-moved = حالا نزد «{ $unit }» است.
card-state-waiting = منتظر تعیین واحد
card-state-assigned = منتظر پذیرش
card-state-in-hand = در دست { $who }
card-state-under-way = { $who } کار را شروع کرده
card-state-asked-citizen = منتظر پاسخ شهروند
card-state-reopened = دوباره باز شد؛ منتظر پذیرش
card-closed = بسته شد: { $outcome } { $verdict }
card-verdict-awaited = (منتظر نظر شهروند)
card-verdict-accepted = (شهروند پذیرفت)
card-verdict-objected = (شهروند معترض است)
card-verdict-silent = (شهروند نظری نداد)
card-happening = { $at } · { $who } { $what }: «{ $said }»
card-happening-bare = { $at } · { $who } { $what }
someone = همکار شما
the-system = سامانه
the-citizen = شهروند
district-unknown = منطقهٔ نامعلوم
no-address = نشانی ننوشته
history-heading = <b>تاریخچهٔ { N($code) }</b>

did-file = ثبت کرد
did-assign = به واحد سپرد
did-accept = پذیرفت
did-start = شروع کرد
did-solve = گفت انجام شد
did-not-solve = گفت انجام نشد
did-warn = اخطار داد
did-refer = ارجاع داد
did-outside = به نهاد بیرونی سپرد
did-ask = از شهروند پرسید
did-answer = پاسخ داد
did-note = یادداشت گذاشت
did-guide = راهنمایی کرد
did-correct = موضوع را اصلاح کرد
did-add = افزود
did-withdraw = پس گرفت
did-approve = گفت حل شد
did-object = گفت حل نشد
did-join = همراه شد
did-support-add = افزود
did-support-approve = پذیرفت
did-support-leave = دیگر همراه نیست
did-hand-on = پس گرفت؛ درخواست با همراهان ادامه دارد
did-disown = گفت این را او نگفته است؛ شماره برداشته شد
did-fall-silent = نظری نگرفت

## دکمه‌های کارت

deed-accept = می‌پذیرم
deed-start = شروع کار
deed-solve = انجام شد
deed-not-solve = انجام نشد
deed-warn = اخطار داده شد
deed-assign = سپردن به واحد
deed-guide = راهنمایی شد
deed-refer = ارجاع به واحد دیگر
deed-ask = پرسش از شهروند
deed-outside = کار شهرداری نیست
deed-correct = اصلاح موضوع
deed-note = یادداشت
button-look-from-above = دیدن درخواست
button-phone = شمارهٔ تماس
button-history = تاریخچه
button-open-card = دیدن کارت
button-previous = قبلی
button-next = بعدی
button-standard-note = مشکل برطرف شد.
standard-note = مشکل برطرف شد.

## گفت‌وگوی یک کار

ask-unit = درخواست { N($code) } به کدام واحد برود؟
ask-body = درخواست { N($code) } کار کدام نهاد است؟
ask-right-subject = موضوع درست درخواست { N($code) } کدام است؟ انتخاب کنید یا یکی دو کلمه از آن را بنویسید.
ask-right-subject-in-group = درخواست { N($code) }: کدام موضوع درست است؟
right-subject-not-found = درخواست { N($code) }: با این کلمه‌ها موضوعی پیدا نکردیم. جور دیگری بنویسید یا از دسته‌ها انتخاب کنید.
ask-reason = درخواست { N($code) }: دلیل را بزنید یا بنویسید. شهروند آن را می‌بیند.
ask-photo = درخواست { N($code) }: عکس کار انجام‌شده را بفرستید.
shows-nothing = این عکس نیست. عکس کار انجام‌شده را بفرستید.
ask-note-solve = درخواست { N($code) }: چه کردید؟ یک جمله بنویسید؛ اگر عکس هم دارید با همان جمله بفرستید. شهروند آن را می‌بیند.
ask-note-warn = درخواست { N($code) }: به چه کسی و برای چه اخطار دادید؟ شهروند آن را می‌بیند.
ask-note-ask = درخواست { N($code) }: از شهروند چه بپرسیم؟
ask-note-note = درخواست { N($code) }: یادداشت را بنویسید. فقط همکاران می‌بینند.
ask-note-guide = درخواست { N($code) }: راهنمایی را بنویسید. شهروند آن را می‌بیند.
asked-of = <a href="tg://user?id={ $id }">{ $name }</a>:
answer-by-reply = در پاسخ به همین پیام بفرستید، یا «انصراف» را بنویسید.
deed-left = باشد، کاری نکردیم.

done-assign = درخواست { N($code) } سپرده شد.
done-accept = درخواست { N($code) } در دست شماست.
done-start = شروع کار ثبت شد.
done-solve = ثبت شد و نظر شهروند را می‌پرسیم.
done-not-solve = ثبت شد و به شهروند خبر دادیم.
done-warn = اخطار ثبت شد و به شهروند خبر دادیم.
done-refer = درخواست { N($code) } ارجاع شد.
done-outside = ثبت شد و به شهروند گفتیم با کجا تماس بگیرد.
done-ask = پرسش برای شهروند رفت.
done-note = یادداشت ثبت شد.
done-correct = موضوع اصلاح شد و به شهروند خبر دادیم.
done-guide = راهنمایی برای شهروند رفت.

reason-no-budget = اعتبار نداریم
reason-no-access = دسترسی ممکن نبود
reason-not-found = موردی پیدا نشد
reason-needs-plan = در برنامهٔ بعدی است
reason-not-ours = کار واحد ما نیست
reason-other-district = در منطقهٔ ما نیست
reason-joint-work = با واحد دیگر مشترک است
reason-other-body = وظیفهٔ نهاد دیگری است

phone-shown = { $vouched ->
    [yes] شمارهٔ تماس درخواست { N($code) }: { N($phone) } (تأییدشده)
   *[no] شمارهٔ تماس درخواست { N($code) }: { N($phone) } (تأییدنشده)
}
phone-sent-privately = شماره را در گفت‌وگوی خصوصی فرستادیم.

heard-answer = شهروند به پرسش درخواست { N($code) } ({ $subject }) پاسخ داد: «{ $words }»
heard-add = شهروند به درخواست { N($code) } ({ $subject }) افزود: «{ $words }»
heard-more-photos = { N($count) } پیوست دیگر برای درخواست { N($code) }
heard-object = <b>شهروند می‌گوید درخواست { N($code) } ({ $subject }) حل نشده:</b> «{ $words }»
heard-withdraw = شهروند درخواست { N($code) } ({ $subject }) را پس گرفت.

alarm-person =
    <b>فوری: شهروندی در خطر است یا از خطر برای کسی می‌نویسد.</b>
    «{ $words }»
    { $known ->
        [yes] شمارهٔ تأییدشده: { N($phone) }
        [kept] کسی از میز ۱۳۷ در دسترس نیست. شماره‌ها در این پیام نمی‌آید.
       *[no] شماره‌ای از او نداریم.
    }
    شماره‌های اضطراری را به او گفتیم و پرسیدیم کجاست. هنوز درخواستی ثبت نشده است.

## میز من

menu-desk = میز من
menu-admin = مدیریت
spoken-desk = میز من|میز
spoken-admin = مدیریت
desk = { $count ->
    [0] میز شما خالی است.
   *[other] { N($count) } درخواست باز، { N($overdue) } تا از مهلت گذشته. برای جست‌وجو کد را بنویسید.
}
desk-row = { $urgent ->
    [yes] فوری ·{ " " }
   *[no] { "" }
}{ $late ->
    [yes] { $left } دیر · { N($code) } · { $subject }
   *[no] { $left } · { N($code) } · { $subject }
}
button-desk-late = فقط عقب‌مانده‌ها
button-desk-open = همهٔ بازها

## آمدن

invited =
    شما را به همکاری دعوت کرده‌اند:
    <b>{ $role }</b>
    می‌پذیرید؟
button-join = می‌پذیرم
joined =
    خوش آمدید: <b>{ $role }</b>
    کارت‌ها همین‌جا می‌آیند. «میز من» همهٔ کارهای باز را نشان می‌دهد.
invitation-left = باشد. دعوت تا پایان مهلتش می‌ماند.
role-operator = کارشناس میز ۱۳۷
role-official = مسئول رسیدگی
role-head = رئیس واحد
role-manager = مدیر شهری
role-administrator = مدیر سامانه
group-hello = سلام. اگر این گروه برای یک واحد است، مدیر سامانه یا رئیس واحد دستور /unit را بفرستد تا کارت‌ها اینجا بیایند.

refused-invitation-unknown = این پیوند دعوت درست نیست. از مدیر سامانه پیوند تازه بگیرید.
refused-invitation-revoked = این دعوت پس گرفته شده است. از مدیر سامانه بپرسید.
refused-invitation-used = این پیوند یک بار استفاده شده است. از مدیر سامانه پیوند تازه بگیرید.
refused-invitation-expired = مهلت این دعوت گذشته است. از مدیر سامانه پیوند تازه بگیرید.
refused-invitation-elsewhere = این دعوت برای پیام‌رسان دیگری است.
refused-unknown-role = این نقش را نمی‌شناسیم: { $role }
refused-unknown-unit = این واحد را نمی‌شناسیم: { $unit }
refused-already-gone = این نقش پیش‌تر برداشته شده است.
refused-administrators-only = این بخش برای مدیران سامانه است.
refused-not-staff = این دکمه برای مسئولان همین واحد است. اگر مسئول هستید، از مدیر سامانه پیوند دعوت بگیرید.
refused-not-this-groups = کارت این درخواست به این گروه نمی‌آید. کد را در گفت‌وگوی خصوصی با ربات بنویسید.
refused-with-another-unit = این درخواست نزد «{ $unit }» است؛ میز ۱۳۷ می‌تواند جابه‌جایش کند.
refused-same-subject = موضوع درخواست همین حالا هم همین است.
refused-needs-subject = موضوع را انتخاب کنید.
refused-same-unit = درخواست همین حالا نزد همین واحد است.
refused-no-phone = شهروند شماره‌ای نداده است.
refused-phone-of-closed = این درخواست بسته است و شمارهٔ شهروند دیگر دیده نمی‌شود.
refused-needs-unit = واحد را انتخاب کنید.
refused-needs-body = نهاد را انتخاب کنید.
refused-needs-reason = دلیل را بنویسید.
refused-needs-note = یک جمله بنویسید.
refused-needs-photo = عکس کار لازم است.
