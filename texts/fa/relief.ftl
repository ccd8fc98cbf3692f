## کشیک

button-duty-on = کشیک: هستید
button-duty-off = کشیک: نیستید
button-duty-take = کشیک هستم
button-duty-leave = کشیک نیستم
button-duty-order = ترتیب
button-duty-add = افزودن همکار
button-duty-earlier = { $name } زودتر
button-duty-remove = برداشتن { $name }
duty-which-unit = کشیک کدام واحد؟
duty = { $on ->
    [0]
        <b>کشیک «{ $unit }»</b>
        حالا کسی کشیک نیست. کار فوری به رئیس واحد و میز ۱۳۷ خبر داده می‌شود.
   *[other]
        <b>کشیک «{ $unit }»</b>
        کار فوری به همین ترتیب خبر داده می‌شود:
}
duty-line = { $state ->
    [on] { N($place) }. { $name } · کشیک از { $since } پیش
    [lost] { N($place) }. { $name } · کشیک، ولی پیام به او نمی‌رسد
   *[off] { N($place) }. { $name } · کشیک نیست
}
duty-order = چه کسی زودتر خبر شود یا از فهرست برداشته شود؟
duty-whom = چه کسی به فهرست کشیک افزوده شود؟
duty-nobody-left = همکار دیگری در این واحد نیست.
told-duty-put-on = شما را در فهرست کشیک «{ $unit }» گذاشتند. کار فوری را همین‌جا خبر می‌دهیم.
told-duty-taken-off = شما را از فهرست کشیک «{ $unit }» برداشتند.
admin-duty = کشیک واحدها
admin-duty-which = کشیک کدام واحد را ببینیم؟

## خبر فوری

call = { $again ->
    [0] <b>فوری: { $subject }</b> · کد { N($code) }
   *[other] <b>فوری (خبر دوباره): { $subject }</b> · کد { N($code) }
}
call-phone = تلفن شهروند: { N($phone) }
button-coming = می‌روم
button-cannot-come = نمی‌توانم
button-desk-sees-to-it = پیگیری می‌کنم
call-alarm = { $asked ->
    [0]
        <b>فوری و بی‌مسئول: { $subject }</b> · کد { N($code) }
        در «{ $unit }» حالا کسی نیست که خبرش کنیم.
   *[other]
        <b>فوری و بی‌پاسخ: { $subject }</b> · کد { N($code) }
        به همهٔ کشیک‌های «{ $unit }» خبر دادیم و هنوز کسی نپذیرفته است.
}
desk-alarm =
    <b>فوری و هنوز در صف میز ۱۳۷: { $subject }</b> · کد { N($code) }
    کسی آن را برنداشته و به واحدی نسپرده است.
call-yours = <b>شما می‌روید: { $subject }</b> · کد { N($code) }
call-accepted = درخواست { N($code) } را { $who } پذیرفت.
call-moved = درخواست { N($code) } به واحد دیگری رفت.
call-number-gone = درخواست { N($code) }: شمارهٔ شهروند برداشته شد. جا و شرح آن روی کارت است.
call-not-yours = درخواست { N($code) } دیگر در دست شما نیست.
call-done = کار درخواست { N($code) } تمام شد.
call-over = درخواست { N($code) } دیگر منتظر کسی نیست.
call-with-desk = درخواست { N($code) } را { $who } از میز ۱۳۷ پیگیری می‌کند.
call-passed-on = درخواست { N($code) }: به نفر بعدی خبر می‌دهیم.
call-declined = باشد، به نفر بعدی خبر می‌دهیم.
call-taken-over = ثبت شد. پیگیری درخواست { N($code) } با شماست.

refused-duty-on-leave = شما در مرخصی هستید. اول «مرخصی» و بعد «برگشتن از مرخصی» را بزنید.
refused-heads-order-duty = ترتیب کشیک را رئیس واحد تعیین می‌کند. شما فقط برای خودتان می‌گویید که هستید یا نه.
refused-call-answered = { $who } پیش از شما دست به کار شد.
refused-call-over = این درخواست دیگر منتظر کسی نیست.
