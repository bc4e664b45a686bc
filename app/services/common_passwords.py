"""The most tried passwords of twelve characters and more (shorter ones are refused by length), lower case."""

from __future__ import annotations

COMMON = frozenset(
    """
    098765432109 0987654321qwe 111222333444 112233445566 11223344556677 121212121212 123123123123
    123321123321 123456789012 1234567890123 1234567890123456 12345678901234567890 1234567890ab
    1234567890qwerty 123456789abc 123qwe123qwe 123qweasdzxc 1314520woaini 135792468013 147258369147
    159357159357 1q2w3e4r1q2w3e4r 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv 52013145201314
    5201314woaini 987654321098 a12345678901 a1234567890b aa123456789012 abc123456789 abc123abc123
    abcabcabcabc abcd12345678 abcdefghijkl abcdefghijklm admin1234567 admin123456789 admin@123456
    adminadminadmin administrator administrator1 administrator123 asdf1234asdf asdfasdfasdf asdfghjkl123
    asdfghjkl1234 baseball1234 basketball12 changeme1234 changeme12345 changemechangeme chinamobile1
    chinatelecom chinatelecom1 chinatelecom123 chinaunicom1 computer1234 correcthorsebatterystaple
    defaultdefault dianxin10000 dianxin12345 dragon123456 football1234 guestguestguest iloveyou1234
    iloveyouiloveyou iloveyousomuch internet1234 letmein12345 letmeinletmein letmeinplease liverpool123
    manchester12 masterpassword michael12345 monkey123456 mypassword123 mypassword1234 newpassword123
    p@ssw0rd1234 p@ssw0rd12345 p@ssword1234 passw0rdpassw0rd password1234 password12345 password123456
    password123password passwordpassword princess1234 q1w2e3r4q1w2 q1w2e3r4t5y6 qazwsx123456 qazwsxedc123
    qazwsxedcrfv qq123456789012 qwe123qwe123 qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty
    qwertyuiop12 qwertyuiop123 qwertyuiop1234567890 root12345678 rootrootroot samsung12345 secret123456
    secretsecret starwars1234 sunshine1234 sunshinesunshine superman1234 supersecret12 test12345678
    testing12345 testtesttest thequickbrownfox toortoortoor trustno1trustno1 wang12345678 welcome12345
    welcome123456 welcomewelcome whatever1234 woaini123456 woaini1314520 woaini5201314 woaini520520
    zaq12wsxcde3 zhang1234567 zhongguo1234 zhongguodianxin zxcvbnm12345 zxcvbnm123456
    """.split()  # noqa: SIM905 - a list to read
)
