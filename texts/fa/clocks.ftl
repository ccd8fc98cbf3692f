## معاون‌ها

admin-which-deputy = کدام معاون؟
admin-no-deputies = در بستهٔ این شهر معاونی نام برده نشده است.

## هشدارها (برای واحد و بالاتر)

nobody-yet = هیچ‌کس
clock-half = { $kind ->
    [first_answer] درخواست { N($code) } ({ $subject }): نیمی از زمان پاسخ گذشت. تا { $due } به شهروند پاسخ دهید.
    [next_answer] درخواست { N($code) } ({ $subject }): شهروند چیزی نوشته و منتظر است. تا { $due } پاسخ دهید.
   *[resolution] درخواست { N($code) } ({ $subject }): نیمی از زمان گذشت. مهلت: { $due }
}
clock-most = { $kind ->
    [first_answer] <b>{ $left } مانده:</b> درخواست { N($code) } ({ $subject }) هنوز پاسخی نگرفته است. تا { $due } پاسخ دهید.
    [next_answer] <b>{ $left } مانده:</b> شهروند برای درخواست { N($code) } ({ $subject }) منتظر پاسخ است، تا { $due }.
   *[resolution] <b>{ $left } مانده:</b> مهلت درخواست { N($code) } ({ $subject }) { $due } است. در دست: { $who }
}
clock-breach = { $kind ->
    [first_answer] <b>زمان پاسخ گذشت:</b> درخواست { N($code) } ({ $subject }) باید تا { $due } پاسخ می‌گرفت. در دست: { $who }
    [next_answer] <b>زمان پاسخ گذشت:</b> شهروند برای درخواست { N($code) } ({ $subject }) هنوز منتظر است. در دست: { $who }
   *[resolution]
    <b>مهلت گذشت:</b> درخواست { N($code) } ({ $subject }). در دست: { $who }
    از شهروند پوزش خواستیم و زمان تازه را گفتیم: { $promised }
}
clock-above = { $kind ->
    [first_answer] درخواست { N($code) } ({ $subject }) نزد «{ $unit }» هنوز پاسخی نگرفته و { $left } از زمان پاسخ گذشته است. در دست: { $who }
    [next_answer] شهروند برای درخواست { N($code) } ({ $subject }) نزد «{ $unit }» منتظر پاسخ است و { $left } از زمان آن گذشته است. در دست: { $who }
   *[resolution] درخواست { N($code) } ({ $subject }) نزد «{ $unit }» مانده و { $left } از مهلت گذشته است. در دست: { $who }. زمانی که به شهروند گفته‌ایم: { $promised }
}
heard-go-on = شهروند به پرسش درخواست { N($code) } ({ $subject }) پاسخ نداد. کار بدون آن ادامه پیدا می‌کند و مهلت دوباره حساب می‌شود.
heard-day = { $state ->
    [awaited_body] امروز روزی است که از «{ $body }» برای درخواست { N($code) } ({ $subject }) پاسخ می‌خواستید. اگر رسیده، کار را ادامه دهید.
    [commission] امروز روزی است که کمیسیون دربارهٔ درخواست { N($code) } ({ $subject }) نتیجه می‌دهد. رأی را ثبت کنید یا کار را ادامه دهید.
    [past] روزی که برای سر زدن گفته بودید گذشت: برای درخواست { N($code) } ({ $subject }) اخطار داده بودید.
   *[warned] امروز روز سر زدن است: برای درخواست { N($code) } ({ $subject }) اخطار داده بودید.
}
heard-day-over = روزی که برای درخواست { N($code) } ({ $subject }) گفته بودید گذشت. کار ادامه پیدا می‌کند و مهلت دوباره حساب می‌شود.

## خبرها برای شهروند

told-late =
    درخواست { N($code) } ({ $subject }) تا زمانی که گفته بودیم به نتیجه نرسید. پوزش می‌خواهیم.
    به «{ $unit }» یادآوری کردیم. زمان تازه: { $until }
told-late-again =
    درخواست { N($code) } ({ $subject }) باز هم به نتیجه نرسید و بابت آن پوزش می‌خواهیم.
    موضوع را به مسئولان بالاتر رساندیم. زمان تازه: { $until }
told-answered = واحد مسئول پاسخ پرسشش را گرفت و کار درخواست { N($code) } ({ $subject }) ادامه پیدا می‌کند.
told-new-date = زمان تازهٔ رسیدگی: { $until }
asked-reminder =
    «{ $unit }» هنوز منتظر پاسخ شماست: «{ $question }»
    اگر تا { $until } پاسخی نرسد، کار را بدون آن ادامه می‌دهد.

## ساعت‌ها در تاریخچه

clock-name-first-answer = پاسخ اول
clock-name-next-answer = پاسخ به شهروند
clock-name-resolution = رسیدگی
clock-is-running = مهلت { $name }: { $due }{ $late ->
    [yes] { " " }<b>(گذشته)</b>
   *[no] { "" }
}
clock-is-paused = مهلت { $name } از { $since } ایستاده است؛ { $late ->
    [yes] پیش از آن گذشته بود
   *[no] { $left } { $urgent ->
        [yes] مانده
       *[no] کاری مانده
    }
}
clock-is-met = { $name }: { $since }، { $late ->
    [yes] دیرتر از مهلت
   *[no] در مهلت
}
clock-is-ended = مهلت { $name } از { $since } دیگر حساب نمی‌شود
clock-promised = به شهروند گفته‌ایم: { $until }
clock-still = مهلت ایستاده
card-deadline-still = مهلت ایستاده است
