import type { OktaEvent } from '@gatehouse/connectors/okta/fake';
import { oktaId } from './okta-people.ts';
import type { LabOrganisation } from './organisation.ts';
import type { LabPerson } from './people.ts';
import type { Chance } from './random.ts';

const agents: readonly [string, ...string[]] = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
];
const countries: readonly [string, ...string[]] = [
  'Portugal',
  'Germany',
  'Canada',
  'United States',
  'Singapore',
  'Kenya',
  'Norway',
  'India',
];

/** One event of everyday life at a moment. */
export const oktaEvent = (person: LabPerson, at: Date, dice: Chance): OktaEvent => {
  const drawn = dice.between(1, 100);
  const eventType =
    drawn <= 55
      ? 'user.session.start'
      : drawn <= 80
        ? 'user.authentication.sso'
        : drawn <= 93
          ? 'user.authentication.auth_via_mfa'
          : 'user.session.end';
  const failed = eventType === 'user.session.start' && dice.happens(0.06);
  return {
    uuid: `${dice.id('', 8)}-${dice.id('', 4)}-${dice.id('', 4)}-${dice.id('', 12)}`.toLowerCase(),
    published: at.toISOString(),
    eventType,
    actor: { id: oktaId(person), login: person.email, name: `${person.firstName} ${person.lastName}` },
    outcome: failed ? 'FAILURE' : 'SUCCESS',
    ...(failed ? { reason: 'INVALID_CREDENTIALS' } : {}),
    ip: `198.51.100.${dice.between(1, 254)}`,
    country: dice.pick(countries),
    userAgent: dice.pick(agents),
    sessionId: dice.id('102', 24),
    isProxy: dice.happens(0.01),
  };
};

/** A week of it, a few hundred a day, and what an administrator did that nobody noticed. */
export const oktaEvents = (lab: LabOrganisation): OktaEvent[] => {
  const dice = lab.dice('okta events');
  const [first, ...others] = lab.people.filter(({ leftAt }) => leftAt === null);
  if (first === undefined) return [];
  const moments = Array.from({ length: 2_400 }, () => lab.now.getTime() - dice.between(60_000, 7 * 86_400_000)).sort(
    (a, b) => a - b,
  );
  const events = moments.map((at) => oktaEvent(dice.pick([first, ...others]), new Date(at), dice));
  const [admin = lab.cast.dormantAdmin, second = lab.cast.dormantAdmin] = lab.cast.superAdmins;
  const by = (person: LabPerson) => ({
    id: oktaId(person),
    login: person.email,
    name: `${person.firstName} ${person.lastName}`,
  });
  events.push(
    {
      uuid: 'lab-grant-0001',
      published: lab.ago(1.2),
      eventType: 'user.account.privilege.grant',
      actor: by(admin),
      ip: '198.51.100.7',
      country: 'Portugal',
      targets: [{ id: oktaId(second), type: 'User', name: second.email }],
    },
    {
      uuid: 'lab-idp-0001',
      published: lab.ago(0.9),
      eventType: 'system.idp.lifecycle.create',
      actor: by(admin),
      ip: '192.0.2.44',
      country: 'Canada',
      isProxy: true,
      targets: [{ id: '0oaidpacquired000001', type: 'AppInstance', name: 'Acquired company' }],
    },
  );
  return events.sort((a, b) => (a.published < b.published ? -1 : 1));
};
