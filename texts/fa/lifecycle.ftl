## جاهایی که یک درخواست می‌ایستد

card-state-roster = در نوبت جلسهٔ مدیر
card-state-planned = { $who } کار را برای { $date } گذاشته
card-state-warned = اخطار داده شد؛ { $who } { $date } سر می‌زند
card-state-awaited-body = منتظر «{ $body }» تا { $date }
card-state-commission = در کمیسیون؛ نتیجه تا { $date }
card-state-in-parts = میان { N($parts) } واحد تقسیم شده
status-roster = در نوبت پاسخ مستقیم مدیر است.
status-planned = «{ $unit }» کار را برای { $date } گذاشته است.
status-warned = «{ $unit }» اخطار داده است و { $date } دوباره سر می‌زند.
status-awaited-body = «{ $unit }» منتظر «{ $body }» است؛ تا { $date } دوباره خبر می‌دهیم.
status-commission = کمیسیون دربارهٔ آن تصمیم می‌گیرد؛ نتیجه تا { $date } می‌رسد.
status-in-parts = کار میان { N($parts) } واحد تقسیم شده است.
short-roster = در نوبت مدیر
short-planned = زمان‌بندی شد
short-warned = در پیگیری اخطار
short-awaited-body = منتظر نهاد دیگر
short-commission = در کمیسیون
short-in-parts = چند واحد
outcome-commission = کمیسیون رأی داد
outcome-merged = با درخواست دیگری یکی شد

## دکمه‌ها

deed-plan = زمان‌بندی کار
deed-conclude = پایان پیگیری
deed-commission = به کمیسیون رفت
deed-rule = رأی کمیسیون آمد
deed-await = منتظر نهاد دیگر
deed-resume = ادامهٔ کار
deed-split = تقسیم میان واحدها
deed-merge = تکراری است
deed-hand-over = سپردن به همکار
deed-uphold = پاسخ واحد درست بود
deed-respond = پاسخ می‌دهم
deed-reply = پاسخ می‌دهم
deed-send-on = سپردن به واحد
deed-promise = قول با تاریخ
button-more = کارهای دیگر
more-deeds = درخواست { N($code) }: چه می‌کنید؟

## تاریخچه

did-plan = کار را برای { $date } گذاشت
did-conclude = پیگیری اخطار را تمام کرد
did-commission = به کمیسیون فرستاد (نتیجه تا { $date })
did-rule = رأی کمیسیون را نوشت
did-await = منتظر «{ $body }» ماند (تا { $date })
did-resume = کار را ادامه داد
did-go-on = بی پاسخ شهروند ادامه داد
did-split = میان واحدها تقسیم کرد
did-join-up = پس از بسته شدن همهٔ بخش‌ها آن را بست
did-merge = با { N($target) } یکی کرد
did-hand-over = به همکارش سپرد
did-uphold = پاسخ واحد را درست دانست
did-respond = پاسخ داد
did-reply = به شهروند پاسخ داد
did-send-on = به «{ $unit }» سپرد
did-promise = برای { $date } قول داد
did-unheard = در جلسه نوبتش نرسید
timeline-plan = { $at }: «{ $unit }» کار را برای { $date } گذاشت{ $said }
timeline-conclude = { $at }: «{ $unit }» پیگیری اخطار را تمام کرد{ $said }
timeline-commission = { $at }: «{ $unit }» آن را به کمیسیون فرستاد{ $said }
timeline-rule = { $at }: کمیسیون رأی داد{ $said }
timeline-await = { $at }: «{ $unit }» منتظر «{ $body }» ماند{ $said }
timeline-resume = { $at }: «{ $unit }» کار را ادامه داد
timeline-go-on = { $at }: پاسخی نرسید و «{ $unit }» کار را ادامه داد
timeline-split = { $at }: کار میان { N($parts) } واحد تقسیم شد
timeline-join-up = { $at }: کار همهٔ واحدها تمام شد
timeline-merge = { $at }: با درخواست { N($target) } یکی شد
timeline-uphold = { $at }: بازرس میز ۱۳۷ بررسی کرد{ $said }
timeline-respond = { $at }: { $manager } پاسخ داد{ $said }
timeline-reply = { $at }: { $manager } پاسخ داد{ $said }
timeline-send-on = { $at }: { $manager } آن را به «{ $unit }» سپرد{ $said }
timeline-promise = { $at }: { $manager } برای { $date } قول داد{ $said }
timeline-unheard = { $at }: در جلسه نوبتش نرسید و به «{ $unit }» رفت

## پرسش از همکاران

ask-date-plan = درخواست { N($code) }: کار چه روزی انجام می‌شود؟ روز را بزنید یا بنویسید، مثل «۲۰ آذر». شهروند آن را می‌بیند.
ask-date-warn = درخواست { N($code) }: چه روزی دوباره سر می‌زنید؟ روز را بزنید یا بنویسید، مثل «۲۰ آذر». شهروند آن را می‌بیند.
ask-date-commission = درخواست { N($code) }: نتیجهٔ کمیسیون تا چه روزی می‌رسد؟ روز را بزنید یا بنویسید، مثل «۲۰ آذر».
ask-date-await = درخواست { N($code) }: تا چه روزی منتظر می‌مانید؟ روز را بزنید یا بنویسید، مثل «۲۰ آذر».
ask-date-promise = درخواست { N($code) }: تا چه روزی انجام می‌شود؟ روز را بزنید یا بنویسید، مثل «۲۰ آذر». شهروند آن را می‌بیند.
date-unclear = روز را متوجه نشدیم. مثل «۲۰ آذر»، «شنبه» یا «ده روز دیگر» بنویسید.
button-day = { $day }
ask-target = درخواست { N($code) } تکرار کدام درخواست است؟ کد آن را بنویسید.
target-unclear = این کد درست نیست. کد درخواست دیگر را دوباره بنویسید.
ask-parts = { $chosen ->
    [0] درخواست { N($code) } میان کدام واحدها تقسیم شود؟ دو واحد یا بیشتر را یکی‌یکی بزنید.
   *[other]
        درخواست { N($code) } میان این واحدها تقسیم می‌شود:
        { $units }
}
button-parts-done = همین‌ها
button-parts-clear = از نو
ask-colleague = درخواست { N($code) } را به کدام همکار می‌سپارید؟
no-colleague = همکار حاضری در این واحد نیست که به او بسپارید.
ask-note-conclude = درخواست { N($code) }: نتیجهٔ پیگیری چه شد؟ شهروند آن را می‌بیند.
ask-note-rule = درخواست { N($code) }: کمیسیون چه رأیی داد؟ شهروند آن را می‌بیند.
ask-note-uphold = درخواست { N($code) }: چه چیزی را بررسی کردید و چرا پاسخ واحد درست است؟ شهروند آن را می‌بیند.
ask-note-respond = درخواست { N($code) }: پاسخ را بنویسید. شهروند آن را می‌بیند.
ask-note-reply = درخواست { N($code) }: پاسخ را بنویسید. شهروند آن را می‌بیند.
ask-note-send-on = درخواست { N($code) }: به واحد چه می‌گویید؟ شهروند هم آن را می‌بیند.
ask-note-promise = درخواست { N($code) }: چه قولی می‌دهید؟ شهروند آن را می‌بیند.

done-plan = ثبت شد و روز کار را به شهروند گفتیم.
done-conclude = ثبت شد و به شهروند خبر دادیم.
done-commission = ثبت شد و به شهروند خبر دادیم.
done-rule = رأی ثبت شد و به شهروند خبر دادیم.
done-await = ثبت شد. تا آن روز مهلت شما جلو نمی‌رود.
done-resume = کار ادامه دارد و مهلت دوباره حساب می‌شود.
done-split = درخواست { N($code) } تقسیم شد.
done-merge = یکی شد و به همهٔ کسانی که همراه بودند خبر دادیم.
done-hand-over = درخواست { N($code) } به همکارتان سپرده شد.
done-uphold = ثبت شد و به شهروند خبر دادیم.
done-respond = پاسخ شما برای شهروند رفت.
done-reply = پاسخ شما برای شهروند رفت.
done-send-on = سپرده شد و به شهروند خبر دادیم.
done-promise = قول شما ثبت شد و به شهروند گفتیم.

reason-contractor = نوبت پیمانکار است
reason-weather = هوا مناسب نیست
reason-materials = مصالح یا قطعه در راه است
reason-permit = منتظر مجوز است
reason-article-100 = کمیسیون مادهٔ ۱۰۰ رسیدگی می‌کند
reason-commission-other = کمیسیون تخصصی رسیدگی می‌کند
reason-their-pipes = اول باید کار خودشان را تمام کنند
reason-their-permit = باید مجوز بدهند

refused-is-a-part = این بخشی از یک درخواست دیگر است. با خود آن درخواست می‌شود.
refused-heads-only = شهروند دوباره گفته حل نشده؛ این بار رئیس واحد باید بپذیرد.
refused-nothing-to-uphold = شهروند هنوز به پاسخی اعتراض نکرده است. درخواست را به واحد بسپارید یا شهروند را راهنمایی کنید.
refused-objected-enough = این درخواست سه بار دوباره باز شد و بازرس میز ۱۳۷ هم آن را دید. اگر هنوز راضی نیستید، با ۱۱۱ (سامد) تماس بگیرید یا درخواست تازه ثبت کنید.
refused-referred-enough = این درخواست چند بار میان واحدها جابه‌جا شده است. حالا فقط میز ۱۳۷ می‌تواند آن را به واحد دیگری بدهد؛ به میز ۱۳۷ بفرستید.
refused-promise-needs-a-unit = برای قول، واحدی را انتخاب کنید که کار را انجام می‌دهد.
refused-date-over = این روز گذشته است. روزی از امروز به بعد را بگویید.
refused-date-too-far = این روز خیلی دور است. روزی تا یک سال دیگر را بگویید.
refused-needs-target = کد درخواست دیگر را بنویسید.
refused-needs-parts = دست‌کم دو واحد را انتخاب کنید.
refused-needs-colleague = همکارتان را انتخاب کنید.
refused-parts-full = بیشتر از ده بخش نمی‌شود.
refused-needs-date = روز را انتخاب کنید.

role-inspector = بازرس میز ۱۳۷
role-deputy = معاون

## خبر برای شهروند

told-plan = «{ $unit }» کار درخواست { N($code) } ({ $subject }) را برای { $date } گذاشته است.
told-conclude = «{ $unit }» پیگیری اخطار درخواست { N($code) } ({ $subject }) را تمام کرد.
told-commission = درخواست { N($code) } ({ $subject }) به کمیسیون رفت. نتیجه تا { $date } می‌رسد.
told-rule = کمیسیون دربارهٔ درخواست { N($code) } ({ $subject }) رأی داد.
told-await = «{ $unit }» برای درخواست { N($code) } ({ $subject }) منتظر «{ $body }» (تلفن { N($phone) }) است. تا { $date } دوباره خبر می‌دهیم.
told-resume = «{ $unit }» کار درخواست { N($code) } ({ $subject }) را ادامه داد.
told-go-on = از شما پاسخی نرسید. «{ $unit }» کار درخواست { N($code) } ({ $subject }) را بدون آن ادامه می‌دهد.
told-go-on-others = به پرسش «{ $unit }» پاسخی نرسید. کار درخواست { N($code) } ({ $subject }) بدون آن ادامه پیدا می‌کند.
told-split = کار درخواست { N($code) } ({ $subject }) میان { N($parts) } واحد تقسیم شد. با همین کد از همه‌شان خبر می‌دهیم.
told-join-up = کار همهٔ واحدها برای درخواست { N($code) } ({ $subject }) تمام شد.
told-merge = درخواست { N($code) } ({ $subject }) با درخواست { N($target) } یکی بود و به آن پیوست. از این پس با کد { N($target) } خبر می‌دهیم.
told-uphold = بازرس میز ۱۳۷ درخواست { N($code) } ({ $subject }) را بررسی کرد و پاسخ «{ $unit }» را درست دانست. اگر راضی نیستید، با «{ $higher }» تماس بگیرید: { N($higher_phone) }
told-respond = پاسخ { $manager } به درخواست { N($code) } ({ $subject }):
told-reply = پاسخ { $manager } دربارهٔ درخواست { N($code) } ({ $subject }):
told-send-on = { $manager } درخواست { N($code) } ({ $subject }) را به «{ $unit }» سپرد؛ مهلت رسیدگی: { $deadline }
told-promise = { $manager } دربارهٔ درخواست { N($code) } ({ $subject }) قول داد که «{ $unit }» تا { $date } انجامش دهد.
told-unheard = در جلسه نوبت درخواست { N($code) } ({ $subject }) نرسید. به «{ $unit }» رفت؛ مهلت رسیدگی: { $deadline }
