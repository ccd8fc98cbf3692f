## اطراف من

menu-near = اطراف من
spoken-near = اطراف من|دور و بر من|نزدیک من
ask-around =
    کجا را ببینیم؟ موقعیت را بفرستید.
    درخواست‌های باز همشهری‌ها را در آن نزدیکی نشان می‌دهیم، بی نام و نشانی.
around-how = اگر دکمهٔ موقعیت کار نکرد، از سنجاق پیام‌رسان «موقعیت» را بفرستید.
button-own-place = جای درخواست { N($code) }
around = { $count ->
    [0] تا { N($within) } متری اینجا درخواست باز دیگری نیست.
   *[other] تا { N($within) } متری اینجا { N($count) } درخواست باز هست.
}
around-which = کدام را ببینیم؟ اگر خواستهٔ شما هم هست، با آن همراه می‌شوید.
around-none = می‌توانید خبرهای همین محدوده را دنبال کنید.
around-row = { $metres ->
    [0] { $subject } · همین‌جا · { $since }
   *[other] { $subject } · { N($metres) } متر · { $since }
}
around-one =
    <b>{ $subject }</b>
    { $metres ->
        [0] همین‌جا
       *[other] حدود { N($metres) } متر آن‌طرف‌تر
    }، { $since } ثبت شده و هنوز باز است.
    { $joined ->
        [yes] شما با { N($citizens) } نفر همین را خواسته‌اید.
       *[no] تا حالا { N($citizens) } نفر همین را خواسته‌اند.
    }
button-want-too = من هم می‌خواهم
joined-hears = خبرهایش به شما هم می‌رسد و در پایان نظر شما را هم می‌پرسیم.

## خبرهای محدوده

button-area-news = خبرهای این محدوده
button-areas = محدوده‌های من
button-metres = { $metres ->
    [1000] ۱ کیلومتر
   *[other] { N($metres) } متر
}
button-neighbourhood = محلهٔ { $place }
button-area-stop = قطع خبر { $name }
ask-how-far =
    خبر تا کجا را می‌خواهید؟
    روزی یک بار، عصرها، و فقط اگر خبری باشد.
area-name = { $place }، تا { N($metres) } متر
area-unnamed = جایی که فرستادید، تا { N($metres) } متر
area-name-neighbourhood = محلهٔ { $place }
area-followed = باشد، خبرهای «{ $name }» را عصرها می‌فرستیم؛ روزی که خبری نباشد چیزی نمی‌فرستیم.
areas = خبرهای { N($count) } محدوده را دنبال می‌کنید:
area-line = · { $name }
areas-none = هنوز محدوده‌ای را دنبال نمی‌کنید. از «اطراف من» جایی را بفرستید و «خبرهای این محدوده» را بزنید.
area-stopped = باشد، خبرهای آن محدوده را دیگر نمی‌فرستیم.
area-news = <b>خبرهای { $name }</b>
area-filed = { N($count) } درخواست تازه ثبت شد.
area-solved = { N($count) } درخواست حل شد.
area-plan = برنامهٔ «{ $subject }»: { $day }

refused-looked-enough = امروز جاهای زیادی را دیده‌اید. فردا دوباره می‌توانید.
refused-not-around = این درخواست دیگر باز نیست یا در این نزدیکی نیست.
refused-nearby-closed = آن درخواست همین حالا بسته شد. اگر مشکل هنوز هست، بنویسید تا ثبت کنیم.
refused-areas-full = تا { N($most) } محدوده را می‌شود دنبال کرد. اول خبر یکی را قطع کنید.
