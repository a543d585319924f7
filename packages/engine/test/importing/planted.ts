/** More than forty secrets, each unlike the others, to be planted where people leave them. */
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';

/** In a query or a path: what is planted, and how it is written there. */
export const IN_PATHS: [secret: string, path: string][] = [
  ['planted-a1', '/a?accessToken=planted-a1'],
  ['planted-a2', '/a?PHPSESSID=planted-a2'],
  ['AIzaSyPlantedPlantedPlantedPlanted123', '/a?key=AIzaSyPlantedPlantedPlantedPlanted123'],
  ['planted-a3', '/a?user%5Bpassword%5D=planted-a3'],
  ['planted-a4', '/x;jsessionid=planted-a4?a=1'],
  ['planted-a5', '/a?api-key=planted-a5'],
  ['planted-a6', '/a?client_secret=planted-a6&b=1'],
  ['planted-a7', '/a?b=1;sid=planted-a7'],
  ['planted-a8', '/a?user%255Bpasswd%255D=planted-a8'],
  ['planted-a9', '/a?next=%2Fcb%3Faccess_token%3Dplanted-a9'],
  ['planted-b1', '/a?filter=%7B%22apiKey%22%3A%22planted-b1%22%7D'],
  ['planted-b2', '/a?X-Amz-Signature=planted-b2'],
  [JWT, `/a?data=${JWT}`],
  [`${JWT}x`, `/callback/${JWT}x`],
  ['sk_live_plantedPlanted0001', '/a?x=sk_live_plantedPlanted0001'],
  ['ghp_plantedPlantedPlanted000001', '/a/ghp_plantedPlantedPlanted000001/b'],
  ['q8Zt3LmX0vRk7PwY2nBs5HdJ', '/a?state=q8Zt3LmX0vRk7PwY2nBs5HdJ'],
  ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b', '/reset/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'],
  ['xoxb-planted-1234', '/a?text=xoxb-planted-1234'],
  ['plantedpw', '/a?url=https%3A%2F%2Fuser%3Aplantedpw%40db.example%2F'],
  ['planted-b3', '/a?auth.token=planted-b3'],
  ['planted-b4', '/a?userAPIKey=planted-b4'],
  ['planted-b5', '/a?next=https%3A%2F%2Fcdn.example%2Fx%3Ftoken%3Dplanted-b5'],
];

/** In a body: what is planted, the media type, and the body. */
export const IN_BODIES: [secret: string, mediaType: string, body: string][] = [
  ['planted-c1', 'application/json', '{"user":"ann","password":"planted-c1"}'],
  ['planted-c2', 'application/json', '{"a":{"b":[{"clientSecret" : "planted-c2"}]}}'],
  ['planted-c3', 'application/json', '{"tokens":["planted-c3"]}'],
  ['842613', 'application/json', '{"card":{"cvv":842613}}'],
  ['planted-c4', 'application/json', '{"note":"{\\"access_token\\":\\"planted-c4\\"}"}'],
  ['AKIAPLANTEDPLANTED12', 'application/json', '{"note":"use AKIAPLANTEDPLANTED12 for it"}'],
  ['w3KxZ81mQvTn60LpRb7YsD', 'application/json', '{"blob":"w3KxZ81mQvTn60LpRb7YsD"}'],
  ['planted-c5', 'application/x-www-form-urlencoded', 'user=ann&user%5Bpassword%5D=planted-c5'],
  ['planted-c6', 'application/x-www-form-urlencoded', 'grant_type=refresh_token&refresh_token=planted-c6'],
  ['planted-c7', 'application/x-www-form-urlencoded', 'data=%7B%22token%22%3A%22planted-c7%22%7D'],
  [
    'planted-c8',
    'multipart/form-data; boundary=xx',
    '--xx\r\ncontent-disposition: form-data; name="api_key"\r\n\r\nplanted-c8\r\n--xx--\r\n',
  ],
  [
    'planted-c9',
    'application/json',
    '{"query":"mutation { login(email: \\"a@b\\", password: \\"planted-c9\\") { id } }","variables":{}}',
  ],
  [
    'planted-d1',
    'application/json',
    '{"query":"mutation M($p: String!) { l(p: $p) }","variables":{"p":1,"secretKey":"planted-d1"}}',
  ],
  ['planted-d2', 'application/graphql', 'mutation { login(user: "ann", password: "planted-d2") { id } }'],
  [
    'planted-d3',
    'text/xml',
    '<s:Envelope xmlns:s="x"><s:Header><wsse:Password Type="t">planted-d3</wsse:Password></s:Header></s:Envelope>',
  ],
  ['planted-d4', 'text/xml', '<login apiKey="planted-d4"><a>b</a></login>'],
  ['planted-d5', 'application/xml', '<Auth><Token><![CDATA[planted-d5]]></Token></Auth>'],
  ['4111111111111111', 'application/json', '{"a":1,"cardNumber":"4111111111111111"}'],
  ['planted-d6', 'text/plain', 'user: ann\npassword: planted-d6\n'],
];
