"""Given and family names as they are common in Indonesia; no person is meant by any of them."""

WOMEN = (
    "Siti", "Dewi", "Sri", "Ratna", "Putri", "Ayu", "Nur", "Rina", "Lestari", "Wulan", "Fitri", "Indah", "Maya", "Yuni",
    "Ani", "Kartika", "Mega", "Dian", "Endang", "Tuti", "Nurul", "Rahayu", "Kadek", "Made", "Wayan", "Maria", "Ester",
    "Rosmawati", "Aisyah", "Khadijah", "Halimah", "Yanti", "Susanti", "Intan", "Melati", "Citra", "Laras", "Ningsih",
)  # fmt: skip
MEN = (
    "Budi", "Agus", "Slamet", "Joko", "Bambang", "Eko", "Dwi", "Tri", "Hendra", "Andi", "Rudi", "Ahmad", "Muhammad",
    "Abdul", "Yusuf", "Ibrahim", "Ketut", "Nyoman", "Wayan", "Gede", "Yohanes", "Markus", "Dedi", "Asep", "Ujang",
    "Iwan", "Arif", "Rizki", "Fajar", "Bayu", "Galih", "Surya", "Hasan", "Umar", "Rahmat", "Teguh", "Wahyu", "Tono",
)  # fmt: skip
FAMILY = (
    "Santoso", "Wijaya", "Susanto", "Setiawan", "Hidayat", "Saputra", "Nugroho", "Kusuma", "Pratama", "Gunawan",
    "Hartono", "Suryadi", "Wibowo", "Utomo", "Permana", "Ramadhan", "Siregar", "Nasution", "Harahap", "Simanjuntak",
    "Sihombing", "Lubis", "Ginting", "Tarigan", "Hutapea", "Manurung", "Daulay", "Rangkuti", "Tanjung", "Chaniago",
    "Mulyadi", "Firmansyah", "Maulana", "Anwar", "Halim", "Salim", "Tjandra", "Wenda", "Rumbiak", "Latuconsina",
    "Pattiasina", "Tuhumury", "Mangkunegara", "Kurniawan", "Suharto", "Purnomo", "Prasetyo", "Haryanto",
)  # fmt: skip
