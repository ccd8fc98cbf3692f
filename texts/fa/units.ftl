## نام بردن از همکار

mention = <a href="tg://user?id={ $id }">{ $name }</a>
no-mention = { $name }
heard-by = { $who }: { $said }

## سپردن به همکار

handed-over = { $by } درخواست { N($code) } ({ $subject }) را به شما سپرد.
handed-back = { $name } دیگر همکار «{ $unit }» نیست. { $count ->
    [1] درخواستی که در دست او بود به واحد برگشت و حالا در دست کسی نیست.
   *[other] { N($count) } درخواستی که در دست او بود به واحد برگشت و حالا در دست کسی نیست.
}
card-nobodys = در دست کسی نیست.
did-release = به واحد برگرداند
reason-on-leave = مرخصی
refused-colleague-gone = این همکار دیگر در این واحد نیست.
refused-colleague-has-it = درخواست همین حالا هم در دست { $name } است.
refused-colleague-yourself = سپردن به خودتان نمی‌شود. همکار دیگری را انتخاب کنید.
refused-colleague-away = { $name } در مرخصی است و { $stand_in } جانشین اوست.
refused-colleague-unreachable = به { $name } نمی‌توانیم پیام بدهیم. همکار دیگری را انتخاب کنید.

## مرخصی

spoken-off = مرخصی|جانشین|مرخصی می‌روم
button-off = مرخصی
leave-which-unit = مرخصی از کدام واحد؟
ask-stand-in = چه کسی جانشین باشد؟ هر چه در دست است به او سپرده می‌شود و کارهای تازه هم به او می‌رسد.
ask-leave-until = آخرین روز مرخصی کی است؟ روز را بزنید یا بنویسید، مثل «۲۰ آذر».
button-leave-open = هنوز معلوم نیست
leave-sure = { $name } { $until }؛ جانشین: { $stand_in }. { $count ->
    [0] چیزی در دست نیست که سپرده شود.
   *[other] { N($count) } درخواست به جانشین سپرده می‌شود.
} ثبت شود؟
button-leave-yes = بله، ثبت شود
leave-begun = مرخصی ثبت شد ({ $back }). { $count ->
    [0] چیزی در دست نبود که سپرده شود.
   *[other] { N($count) } درخواست به جانشین سپرده شد.
}
leave-open = تا خبر بعدی در مرخصی است
leave-until = در مرخصی است و { $day } برمی‌گردد
leave-back-on = بازگشت: { $day }
leave-back-open = بازگشت: هنوز معلوم نیست
leave-stand-in = { $name } { $until }. شما جانشین او هستید. { $count ->
    [0] چیزی در دست او نبود.
   *[other] { N($count) } درخواست او در دست شماست؛ در «میز من» ببینید.
}
leave-by-head = { $by } برای شما مرخصی ثبت کرد ({ $back }). جانشین: { $stand_in }
leave-passed-on = { $stand_in } از این پس جانشین شماست.
leave-no-stand-in = { $name } دیگر در واحد نیست و مرخصی شما تمام شد. کارها دوباره به شما می‌رسد؛ اگر نیستید، جانشین دیگری معرفی کنید.
leave-is = { $name } { $until }؛ جانشین: { $stand_in }
button-back-at-work = برگشتن از مرخصی
leave-back = { $name } از مرخصی برگشت. آنچه به شما سپرده شد در دست شما می‌ماند؛ می‌توانید به او برگردانید.
leave-ended = مرخصی شما تمام شد و کارهای تازه دوباره به شما می‌رسد.
leave-ended-now = مرخصی { $name } تمام شد. آنچه به { $stand_in } سپرده شد در دست او می‌ماند.
refused-leave-already = این مرخصی پیش‌تر ثبت شده است.
refused-leave-over = این مرخصی تمام شده است.
refused-leave-nobody = همکار حاضری در این واحد نیست که جانشین شود. از مدیر سامانه بخواهید همکاری را دعوت کند.

## همکاران واحد

button-unit-people = همکاران
unit-people = <b>همکاران { $unit }</b>
unit-person = { $name }: { N($count) } درخواست در دست
unit-person-away = { $name }: در مرخصی، جانشین { $stand_in }
button-leave-of = مرخصی { $name }
refused-heads-see-people = این بخش برای رئیس واحد است.

## خلاصهٔ صبح

digest = <b>صبح به خیر، { $unit }.</b> { N($count) } درخواست باز دارید.
digest-late = از مهلت گذشته: { N($count) }
digest-due = مهلتشان امروز است: { N($count) }
digest-reopened = دوباره باز شده: { N($count) }
digest-asked = منتظر پاسخ شهروند: { N($count) }
digest-pressing = از این‌ها شروع کنید:

## نزدیک من

menu-crew = نزدیک من
spoken-crew = نزدیک من|نزدیکم
ask-near = کجایید؟ موقعیت را بفرستید تا نزدیک‌ترین درخواست‌های باز را نشان دهیم. هر جا رفتید دوباره بفرستید.
near-how = اگر دکمه کار نکرد، موقعیت را از گیرهٔ پیوست بفرستید.
near = { $count ->
    [0] درخواست بازی با جای معلوم ندارید.
   *[other] { N($count) } درخواست نزدیک شما:
}
near-row = { $urgent ->
    [yes] فوری ·{ " " }
   *[no] { "" }
}{ $away } · { $subject } · { $late ->
    [yes] { $left } دیر
   *[no] { $left }
}

## چند درخواست با هم

button-bulk = چندتایی
bulk-list = درخواست‌ها را بزنید تا انتخاب شوند (تا { N($most) } تا). انتخاب‌شده: { N($count) }
bulk-marked = ✅ { $line }
bulk-unmarked = { $line }
button-bulk-go = ادامه با { $count } درخواست
bulk-which = با این { N($count) } درخواست چه می‌کنید؟
bulk-unit = همه به کدام واحد بروند؟
bulk-reason = دلیل را بزنید یا بنویسید. شهروندان آن را می‌بینند.
bulk-note = یادداشت را بنویسید. روی همه می‌ماند و فقط همکاران می‌بینند.
bulk-buttons = با دکمه‌ها انتخاب کنید، یا «انصراف» را بزنید.
bulk-sure = «{ $deed }» برای { N($count) } درخواست: { $codes }. درست است؟
button-bulk-yes = بله، برای همه
bulk-done = { $count ->
    [0] هیچ‌کدام انجام نشد.
   *[other] برای { N($count) } درخواست انجام شد: { $codes }
}
bulk-refused = { N($code) } نشد: { $why }
refused-bulk-full = بیشتر از { $most } درخواست با هم نمی‌شود.
refused-bulk-nothing-common = کاری نیست که برای همهٔ این‌ها بشود. کمتر انتخاب کنید.

## پیش و پس

photo-before-after = عکس اول پیش از کار است، { $after ->
    [1] عکس دوم
   *[other] بقیه
} پس از کار.
photo-after = پس از کار
button-before-after = پیش و پس
before-after = درخواست { N($code) }: پیش و پس از کار
told-more-work = عکس‌های دیگر از کار درخواست { N($code) } ({ $subject })
refused-no-work-photos = از این کار عکسی نداریم.
