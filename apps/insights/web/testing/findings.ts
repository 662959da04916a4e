import { daysAgo, okta, pick, uuid } from './records.ts';

const mitre = [
  { id: 'T1078.004', name: 'Valid Accounts: Cloud Accounts', url: 'https://attack.mitre.org/techniques/T1078/004/' },
];
const why =
  'A super administrator can change every sign-on policy and take over every account. One phished password is enough when the second factor is a text message or a push that is approved by habit.';
const remediation = [
  'In Okta, open **Security > Authenticators** and make sure that FIDO2 (WebAuthn) is active.',
  'Ask the person to enrol a security key or a passkey under **Settings > Security Methods**.',
  'Require phishing-resistant factors for administrators in the **Okta Admin Console** policy.',
];
const ruleTitles = [
  ['O01', 'Super administrators without phishing-resistant MFA', 'critical', 'found', 4],
  ['O02', 'More super administrators than the tenant allows', 'high', 'found', 1],
  ['X03', 'Privileged accounts that nobody used for 60 days', 'high', 'found', 17],
  ['G05', 'Organisation owners without a second factor', 'critical', 'found', 2],
  ['G08', 'Repositories whose default branch can be force-pushed', 'medium', 'found', 38],
  ['O11', 'API tokens that belong to a deactivated person', 'high', 'blind', 0],
  ['X09', 'Left the company in Okta, still a member in GitHub', 'high', 'found', 3],
  ['G14', 'Deploy keys with write access, unused for 90 days', 'medium', 'found', 12],
  ['O17', 'Network zones that trust the whole internet', 'medium', 'clear', 0],
  ['G21', 'Self-hosted runners for public repositories', 'low', 'clear', 0],
] as const;
export const rules = ruleTitles.map(([catalogue, title, severity, state, open], position) => ({
  ruleId: `rule-${catalogue.toLowerCase()}`,
  catalogue,
  title,
  summary: 'Accounts with the highest role whose strongest factor can be phished or is missing.',
  why,
  kind: position === 6 ? 'path' : 'recommendation',
  connectors: catalogue.startsWith('O') ? ['okta'] : catalogue.startsWith('G') ? ['github'] : ['okta', 'github'],
  severity,
  mitre,
  remediation,
  open,
  accepted: position % 4 === 0 ? 2 : 0,
  resolved: position * 2,
  worst: open > 0 ? severity : null,
  state,
  blind:
    state === 'blind' || position === 2
      ? [
          {
            connectionId: okta.connectionId,
            connectionName: okta.name,
            reason: 'API tokens cannot be read: the scope okta.apiTokens.read is missing.',
          },
        ]
      : [],
  evaluatedAt: daysAgo(0.07),
}));

export const link = (label: string, kind = 'accounts', n = 3) => ({
  kind,
  connection: okta.connectionId,
  stream: 'users',
  id: `acc${n}`,
  label,
});
export const findings = Array.from({ length: 64 }, (_, n) => {
  const rule = rules[n % rules.length];
  return {
    findingId: uuid(7000 + n),
    ruleId: rule?.ruleId,
    title: rule?.title,
    kind: rule?.kind,
    subject: link(
      ['ada.lovelace@northwind.example', 'grace.hopper@northwind.example', 'svc-deploy-to-production-and-staging'][
        n % 3
      ] ?? '',
    ),
    connectionName: okta.name,
    connector: 'okta',
    severity: rule?.severity,
    sensitivity: pick(['highest', 'high', 'moderate', 'low', 'undetermined']),
    status: pick(['new', 'new', 'in_progress', 'accepted', 'resolved']),
    firstSeenAt: daysAgo(20 + n),
    lastSeenAt: daysAgo(0.1),
    resolvedAt: null,
    owner: n % 5 === 0 ? 'Margaret Hamilton' : null,
    acceptedUntil: null,
    acceptedReason: null,
  };
});
export const findingDetail = {
  ...findings[0],
  summary:
    'ada.lovelace@northwind.example is a Super Administrator of Okta, and the strongest factor is a text message.',
  why,
  remediation,
  mitre,
  evidence: [
    {
      fact: 'Role',
      value: 'Super Administrator (direct)',
      readAt: daysAgo(0.08),
      source: link('Super Administrator', 'grants'),
    },
    { fact: 'Strongest factor', value: 'SMS (weak)', readAt: daysAgo(0.08), source: link('SMS', 'factors') },
    { fact: 'Status', value: 'enabled', readAt: daysAgo(0.08), source: link('ada.lovelace@northwind.example') },
  ],
  history: [
    { at: daysAgo(1), by: 'Grace Hopper', text: 'Status changed to in progress: “Key ordered, arrives Thursday.”' },
    { at: daysAgo(20), by: 'Gatehouse', text: 'Opened' },
  ],
};
