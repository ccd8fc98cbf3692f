## جلسه‌های پاسخ‌گویی: مدیر سامانه

admin-sessions-all = جلسه‌های مدیران
admin-sessions = <b>جلسه‌های پاسخ‌گویی مدیران</b>
admin-no-sessions = هنوز جلسه‌ای نگذاشته‌اید.
admin-no-managers = هنوز کسی نقش «مدیر شهری» ندارد. اول او را دعوت کنید.
admin-session-new = جلسهٔ تازه
admin-session-who = کدام مدیر پاسخ می‌دهد؟
admin-session-day = جلسه چه روزی است؟ روز را بزنید یا بنویسید، مثل «۲۰ آذر».
admin-session-hours = از چه ساعتی تا چه ساعتی؟ بزنید یا بنویسید، مثل «۱۰ تا ۱۱:۳۰» یا «۴ تا ۶ عصر».
admin-session-places = برای چند نفر جا هست؟ بزنید یا عددش را بنویسید.
admin-session-title = شهروندان او را با چه عنوانی ببینند؟ بنویسید، مثل «شهردار منطقهٔ ۲».
admin-session-planned = جلسه گذاشته شد و به مدیر خبر دادیم.
admin-session-changed = جلسه عوض شد.
admin-session =
    <b>{ $title }</b> ({ $manager })
    { $day } { $since } تا { $until } · { $state }
    { N($taken) } نفر از { N($places) } جا گرفته‌اند.
admin-session-tell = خبر به شهروندان
admin-session-when = روز و ساعت
admin-session-more-places = تعداد جا
admin-session-rename = عنوان
admin-session-cancel = لغو جلسه
admin-session-cancel-yes = بله، لغو شود
admin-session-cancel-sure = { $waiting ->
    [0] جلسهٔ «{ $title }» ({ $day } { $since } تا { $until }) لغو شود؟
   *[other] جلسهٔ «{ $title }» ({ $day } { $since } تا { $until }) لغو شود؟ به { N($waiting) } نفری که نوبت گرفته‌اند خبر می‌دهیم و درخواستشان به واحد مسئول می‌رود.
}
admin-session-cancelled = جلسه لغو شد و به همه خبر دادیم.
session-row = { $title } · { $day } { $since } تا { $until }
session-title = { $title }
session-state-planned = در پیش
session-state-open = باز است
session-state-over = تمام شد
session-state-cancelled = لغو شد
session-day-unclear = روز را متوجه نشدیم. مثل «۲۰ آذر»، «شنبه» یا «فردا» بنویسید.
session-hours-unclear = ساعت را متوجه نشدیم. مثل «۱۰ تا ۱۲» یا «۹:۳۰ تا ۱۱» بنویسید.
session-places-unclear = تعداد را متوجه نشدیم. یک عدد بنویسید، مثل ۲۰.
session-title-unclear = عنوان را بنویسید، مثل «شهردار منطقهٔ ۲».
button-hours = { $since } تا { $until }
button-places = { N($count) } نفر
button-session-queue = صف
button-report = گزارش
session-notice =
    { $title }، { $when } تا { $until } همین‌جا بی‌واسطه به شما پاسخ می‌دهد.
    اگر حرفی دارید، دکمهٔ زیر را بزنید و بنویسید یا صدا بفرستید. برای { N($places) } نفر جا هست.
session-planned-for-you =
    برای شما جلسهٔ پاسخ‌گویی به شهروندان گذاشته شد: { $when } تا { $until }، تا { N($places) } نفر، با عنوان «{ $title }».
    وقتش که برسد همین‌جا خبر می‌دهیم.
session-moved-for-you = وقت جلسهٔ پاسخ‌گویی شما («{ $title }») عوض شد: { $when } تا { $until }، تا { N($places) } نفر.
session-moved = وقت جلسهٔ «{ $title }» عوض شد: { $when } تا { $until }. نوبت شما سر جایش است.
place-gone =
    با بسته شدن درخواست { N($code) } نوبت شما نزد «{ $title }» هم برداشته شد.
    اگر هنوز حرفی دارید، بنویسید «می‌خواهم شنیده شوم» تا دوباره نوبت بگیرید.
session-called-off = جلسهٔ «{ $title }» ({ $when } تا { $until }) برگزار نمی‌شود. پوزش می‌خواهیم.

## شهروند

spoken-roster = می‌خواهم شنیده شوم|میخواهم شنیده شوم|جلسهٔ مدیران|جلسه مدیران|ملاقات مردمی|ملاقات با مدیر|ملاقات با شهردار|صحبت با مدیر|صحبت با شهردار|حرف با شهردار|دیدار با شهردار|roster
button-be-heard = می‌خواهم شنیده شوم
button-my-turn = نوبت من
button-choose-request = یکی از درخواست‌هایم
button-leave-queue = بیرون رفتن از صف
button-ordinary-way = به واحد مسئول برود
button-stay = در صف می‌مانم
button-other-sessions = جلسه‌های دیگر
button-name-subject = موضوع
button-name-place = جای مشکل
no-sessions =
    فعلاً جلسهٔ پاسخ‌گویی مدیران نداریم.
    مشکل را همین‌جا ثبت کنید؛ واحد مسئول پاسخ می‌دهد.
sessions = <b>مدیرانی که بی‌واسطه پاسخ می‌دهند</b>
session-line = { $title }: { $when } تا { $until }
which-session = می‌خواهید کدام مدیر بشنود؟
which-request = کدام درخواست؟
ask-hearing =
    «{ $title }» { $when } تا { $until } پاسخ می‌دهد.
    حرفتان را بنویسید، صدا ضبط کنید یا عکس بفرستید.
ask-hearing-again =
    درخواست { N($code) } بسته شده است. چه چیزی هنوز مانده؟ برای «{ $title }» بنویسید یا صدا ضبط کنید.
    { $when } تا { $until } پاسخ می‌دهد.
hearing-say-more = بفرمایید، حرفتان چیست؟ بنویسید یا صدا ضبط کنید.
about-request = دربارهٔ درخواست { N($code) }:
hearing-queued = در صف هستید.
my-turn = { $begun ->
    [yes] نوبت شما نزد «{ $title }»: { N($number) }. جلسه تا { $until } است و پاسخ همین‌جا می‌آید. کد: { N($code) }
   *[no] نوبت شما نزد «{ $title }»: { N($number) }. جلسه { $when } تا { $until } است و پاسخ همین‌جا می‌آید. کد: { N($code) }
}
hearing-understood =
    برداشت ما؛ اگر خواستید درستش کنید:
    موضوع: { $subject } · جا: { $place }
not-said = نگفته‌اید
ask-hearing-subject = موضوع کدام است؟ بزنید یا یکی دو کلمه از آن را بنویسید.
hearing-subject-not-found = با این کلمه‌ها چیزی پیدا نکردیم. جور دیگری بنویسید.
said-subject = موضوع: { $subject }
said-place = جا: { $place }
ask-leave-queue = از صف بیرون می‌روید. درخواست { N($code) } چه شود؟
queue-left = { $withdrawn ->
    [yes] از صف بیرون رفتید و درخواست { N($code) } پس گرفته شد.
   *[no] از صف بیرون رفتید. درخواست { N($code) } راه معمولی خودش را می‌رود.
}
session-begun = جلسهٔ «{ $title }» شروع شد. نوبت شما: { N($number) }
unheard-goes-on = در جلسهٔ «{ $title }» نوبت شما نرسید. پوزش می‌خواهیم. درخواست { N($code) } راه معمولی خودش را می‌رود.
ordinary-way-stays = راه معمولی باز است: مشکل را همین‌جا ثبت کنید تا به واحد مسئول برود.

## مدیر

menu-session = جلسهٔ من
spoken-session = جلسهٔ من|جلسه من
the-manager = مدیر
my-session-planned = جلسهٔ شما («{ $title }») { $when } تا { $until } است. { $waiting ->
    [0] هنوز کسی در صف نیست.
   *[other] { N($waiting) } نفر در صف هستند.
}
my-sessions-none = جلسه‌ای برای شما گذاشته نشده است. مدیر سامانه می‌تواند بگذارد.
session-begun-for-you = جلسهٔ شما («{ $title }») شروع شد و تا { $until } است. { $waiting ->
    [0] هنوز کسی در صف نیست؛ هر که بیاید خبر می‌دهیم.
   *[other] { N($waiting) } نفر در صف هستند.
}
somebody-waits = یک نفر به صف جلسهٔ شما («{ $title }») آمد.
button-see-next = نفر بعد
button-hear-next = بعدی
now-heard = { $count ->
    [1] <b>آخرین نفر صف</b>
   *[other] <b>{ N($count) } نفر در صف</b>
}
queue-empty = کسی در صف نیست. جلسه تا { $until } باز است؛ هر که بیاید خبر می‌دهیم.
or-by-voice = می‌توانید پیام صوتی هم بفرستید.
said-by-voice = پاسخ در پیام صوتی است
button-other-unit = واحد دیگر
session-time-over =
    وقت جلسهٔ شما («{ $title }») تمام شد و { N($waiting) } نفر هنوز در صف هستند.
    اگر وقت دارید، با آن‌ها ادامه دهید؛ کس تازه‌ای به صف نمی‌آید.
button-end-session = پایان جلسه
button-end-yes = بله، پایان
end-sure = { N($waiting) } نفر هنوز در صف هستند. جلسه تمام شود؟ درخواستشان به واحد مسئول می‌رود.
session-ended = جلسهٔ «{ $title }» تمام شد. ممنون که پاسخ دادید.
heard-reply = <b>{ $manager }</b> به شهروند دربارهٔ درخواست { N($code) } ({ $subject }) پاسخ داد: «{ $words }»
heard-send-on = <b>{ $manager }</b> درخواست { N($code) } ({ $subject }) را به شما سپرد: «{ $words }»
heard-promise = <b>{ $manager }</b> به شهروند قول داد درخواست { N($code) } ({ $subject }) تا { $date } انجام شود: «{ $words }»

## صف و گزارش

queue-of = صف «{ $title }»
queue-heading = { $count ->
    [0] در صف «{ $title }» کسی نیست.
   *[other] <b>{ N($count) } نفر در صف «{ $title }»</b>
}
hearing-line = { N($number) }. { N($code) } · { $subject }
session-report = <b>گزارش جلسهٔ «{ $title }»، { $day }</b>
session-report-heard = شنیده شد: { N($heard) } نفر از { N($asked) }
session-report-how = پاسخ: { N($answered) } · سپرده به واحد: { N($referred) } · قول: { N($promised) }
session-report-unheard = نوبتشان نرسید: { N($unheard) } · از صف رفتند: { N($left) }
session-report-waited = میانهٔ انتظار: { $waited }
session-report-kept = قول‌ها: { N($kept) } انجام شد · { N($broken) } انجام نشد · { N($pending) } هنوز وقت دارد
session-report-broken = انجام نشد: { N($code) }، قول برای { $date }

## عذرها

refused-session-unknown = این جلسه را پیدا نکردیم.
refused-session-no-manager = این همکار دیگر نقش «مدیر شهری» ندارد.
refused-session-title = عنوان را در یک خط و کوتاه‌تر از { N($longest) } نویسه بنویسید.
refused-session-past = این وقت گذشته است. وقت دیگری را بگویید.
refused-session-hours = پایان جلسه باید بعد از شروعش باشد و جلسه از ۱۲ ساعت بیشتر نشود.
refused-session-places = تعداد جا از ۱ تا { N($most) } است.
refused-session-places-taken = { N($taken) } نفر نوبت گرفته‌اند؛ جا از این کمتر نمی‌شود.
refused-session-overlaps = این مدیر { $when } جلسهٔ دیگری دارد. وقت دیگری را بگویید.
refused-session-open = جلسه شروع شده است و عوض نمی‌شود.
refused-session-over = این جلسه تمام شده است.
refused-session-cancelled = این جلسه برگزار نمی‌شود.
refused-session-full = همهٔ نوبت‌های «{ $title }» پر شده است.
refused-session-not-open = این جلسه باز نیست.
refused-session-not-yours = این جلسه از مدیر دیگری است. فقط خودش پاسخ می‌دهد.
refused-heard-once = شما در این جلسه یک بار نوبت گرفته‌اید.
refused-heard-elsewhere = این درخواست در صف جلسهٔ دیگری است.
refused-heard-not-waiting = دیگر در این صف نیستید.
refused-heard-already = به این درخواست همین حالا رسیدگی کردید.
refused-waits-for-manager = این درخواست در صف جلسهٔ یک مدیر است. تا پایان جلسه تنها همان مدیر آن را می‌خواند.
refused-heard-left = این شهروند از صف بیرون رفت، یا درخواستش بسته شد.
