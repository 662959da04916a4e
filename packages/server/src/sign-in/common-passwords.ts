/** Stems that head the public lists of leaked passwords, without the digits and signs that people add at the ends. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password passw passwd passwort passphrase mypassword yourpassword thepassword password password1234 password12345
  letmein letmeinnow letmeinplease welcome welcomeback welcometo welcomehome changeme changemenow changeit changepassword
  administrator admin adminadmin adminpassword superadmin superuser sysadmin rootroot rootpassword toor secret secretpassword topsecret
  mysecret qwerty qwertyuiop qwertyqwerty qwertz qwertzuiop azerty azertyuiop asdfgh asdfghjkl asdfasdf zxcvbn zxcvbnm qazwsx
  qazwsxedc qwerasdf qwerasdfzxcv abcdef abcdefg abcdefgh abcdefghij abcdefghijkl abc abcabc iloveyou iloveyouforever iloveyousomuch iloveu
  loveyou mylove princess sunshine football footballfan baseball basketball soccer hockey superman batman spiderman ironman starwars pokemon
  monkey dragon shadow master michael jennifer jessica jordan thomas charlie daniel andrew matthew joshua ashley nicole amanda
  whatever trustno trustnoone hello helloworld hellohello goodbye freedom ninja mustang corvette ferrari mercedes porsche
  computer internet samsung google facebook microsoft windows apple iphone android linkedin twitter instagram amazon
  test testing testtest testpassword tester guest guestguest default defaultpassword temporary temppassword temppass temp demo demodemo
  example examplepassword sample user useruser username login loginlogin account access accessgranted system server database oracle
  postgres mysql cisco router network security securepassword secure company companyname office summer winter spring autumn
  january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday
  summertime wintertime springtime christmas merrychristmas happybirthday birthday football chocolate butterfly purple orange yellow
  cheese banana cookie pepper ginger flower flowers hunter killer maggie buster tigger angel angels lovely beautiful hannah
  correcthorsebatterystaple gatehouse gatehousegatehouse okta github beyondtrust cyberark`
    .split(/\s+/)
    .concat([
      '123456789012',
      '1234567890123',
      '1234567890123456',
      '0123456789ab',
      '1q2w3e4r5t6y',
      '1qaz2wsx3edc',
      'q1w2e3r4t5y6',
      '1qaz2wsx3edc4rfv',
      '123qweasdzxc',
      'qwe123qwe123',
      'abc123abc123',
      'a1b2c3d4e5f6',
      '987654321098',
      'zaq12wsxcde3',
    ]),
);
