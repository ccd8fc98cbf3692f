## معاون‌ها

admin-which-deputy = کدام معاون؟
admin-no-deputies = در بستهٔ این شهر معاونی نام برده نشده است.
