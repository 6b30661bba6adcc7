"""Passwords that everybody who guesses tries first, of those that are long enough, in lower case.

Short on purpose: attempts are limited, so only what would be tried within the first few counts.
"""

_TEXT = """
0123456789 0987654321 11223344 123123123 12341234 12345678 123456789 1234567890 12345678910
123456789a 1234567a 1234567b 123456ab 1234abcd 1234qwer 123654789 147258369 147852369 159753159
1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 5201314520 741852963 789456123
87654321 963852741 987654321 a123456789 a1b2c3d4 aa123456 aa12345678 aaaa1111 abc12345 abc123456
abc123abc abcabc123 abcd1234 abcd12345 abcdefgh abcdefghi access123 access14 admin123 admin1234
admin12345 adminadmin administrator alexander america1 andrew123 arsenal1 asd123456 asdasdasd
asdf1234 asdfasdf asdfghjk asdfghjkl ashley123 autumn2025 autumn2026 azerty123 azertyuiop
banana123 barcelona baseball baseball1 basketball batman123 blink182 bonjour1 brasil123
butterfly butterfly1 canada123 changeit changeme changeme1 changeme123 charlie1 charlie123
cheese123 chelsea1 chocolat chocolate chocolate1 christian computer computer1 contrasena
contraseña cookie123 correcthorsebatterystaple daniel123 december1 default1 deutschland
disney123 doudou123 dragon12 dragon123 elephant elizabeth facebook facebook1 ficken123 flower123
football football1 football123 fortnite freedom1 freedom123 fussball godbless goodluck google123
guest123 hallo123 hallohallo hello123 hello1234 hellohello helloworld helloworld1 hunter22
ilovegod iloveme1 iloveyou iloveyou1 iloveyou2 internet internet1 january1 jennifer jennifer1
jessica1 jesus123 jesuschrist jonathan jordan23 juventus killer123 letmein1 letmein123 liverpool
liverpool1 london123 lovelove loveyou1 manchester master12 master123 matthew1 mexico123 michael1
michael123 michelle michelle1 midnight midnight1 minecraft minecraft1 monkey12 monkey123
motdepasse mustang1 mylove123 mypassword netflix1 netflix123 newpassword nopassword orange123
p@ssw0rd p@ssw0rd1 p@ssword p@ssword1 pa$$w0rd pa$$word parol1234 parola123 pass1234 pass12345
passpass passw0rd passw0rd1 password password! password0 password01 password1 password1!
password12 password123 password1234 password2 password2024 password2025 password2026 password3
password7 password99 passwort passwort1 passwort123 pokemon1 pokemon123 princess princess1
princess123 purple123 q1w2e3r4 q1w2e3r4t5 qazwsx123 qazwsxedc qwe123456 qweasdzxc qweqweqwe
qwer1234 qwerty1! qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyui qwertyuiop
qwertz123 qwertzui qwertzuiop rainbow1 rainbow123 realmadrid reprise1 reprise123 root1234
rootroot samsung1 samsung123 schatz123 scooter1 secret12 secret123 senha123 shadow12 shadow123
snowball softball soleil123 sommer2025 sommer2026 sonnenschein spiderman spiderman1 spring2025
spring2026 starwars starwars1 starwars123 streaming streaming1 streaming123 summer123 summer2024
summer2025 summer2026 sunshine sunshine1 sunshine123 superman superman1 temp1234 test1234
test12345 testing1 testing123 testtest toor1234 topsecret trustno1 unicorn1 unicorn123 welcome1
welcome1! welcome12 welcome123 welcome2024 welcome2025 welcome2026 whatever whatever1 winter2024
winter2025 winter2026 woaini1314 woaini520 zaq12wsx zaq1zaq1 zaqxswcde zxc123456 zxcvbnm1
zxcvbnm123
"""

COMMON = frozenset(_TEXT.split())
