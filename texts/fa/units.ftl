## نام بردن از همکار

mention = <a href="tg://user?id={ $id }">{ $name }</a>
no-mention = { $name }
heard-by = { $who }: { $said }

## سپردن به همکار

handed-over = { $by } درخواست { N($code) } ({ $subject }) را به شما سپرد.
reason-on-leave = مرخصی
refused-colleague-gone = این همکار دیگر در این واحد نیست.
refused-colleague-has-it = درخواست همین حالا هم در دست { $name } است.
refused-colleague-yourself = سپردن به خودتان نمی‌شود. همکار دیگری را انتخاب کنید.
refused-colleague-away = { $name } در مرخصی است و { $stand_in } جانشین اوست.
refused-colleague-unreachable = به { $name } نمی‌توانیم پیام بدهیم. همکار دیگری را انتخاب کنید.
