## بخش‌های یک درخواست

part-heading = بخش { N($number) } از { N($count) }، نزد «{ $unit }»:
part-line = بخش { N($number) }، { $unit }: { $state }
card-part = بخش { N($number) } از { N($count) } درخواست { N($code) }

## درخواست‌های یکی‌شده

card-merged = با درخواست { N($code) } یکی شد.
did-take-in = درخواست { N($target) } را به این پیوست
timeline-take-in = { $at }: درخواست دیگری دربارهٔ همین به این پیوست
button-target = { $metres ->
    [0] { N($code) } · همین‌جا · { $day }
   *[other] { N($code) } · { N($metres) } متر آن‌طرف‌تر · { $day }
}
refused-merge-itself = این کد همین درخواست است. کد درخواست دیگر را بنویسید.
refused-merge-part = آن کد بخشی از یک درخواست است. کد خود آن درخواست را بنویسید.
refused-merge-roster = آن درخواست منتظر پاسخ مدیر است و واحدی روی آن کار نمی‌کند. درخواست دیگری را بگویید.
refused-merge-closed = آن درخواست بسته شده است. فقط با درخواستی باز یکی می‌شود.
