import type { Secret } from '@gatehouse/kernel';
import { type Endpoint, type Listing, type Question, quoted } from '@gatehouse/vault-kit';
import { z } from 'zod';
import type { PrivilegedIdentityClient } from './client.ts';
import { fits, Seen, toListing, toNamed, toText } from './credential.ts';
import { domainsOf, identitiesOf } from './names.ts';
import type { Settings } from './settings.ts';
import { by, type Call } from './wire.ts';

const SeenList = z.object({ ListValues: z.array(Seen).max(1_000), Truncated: z.boolean().nullish() });

/** What a person may use on an endpoint: of the endpoint itself, of its domains, and of shared lists. */
export async function* list(
  { call, session, settings }: PrivilegedIdentityClient,
  { person, endpoint, trace }: Question,
): AsyncIterable<Listing> {
  const identities = identitiesOf(person, settings);
  trace(`the site asks for ${quoted(person)} on ${quoted(endpoint.hostname)}`);
  const seen = await session.asFirst(identities, trace, (token) => see(call, token, endpoint, settings, trace));
  if (seen === null) {
    trace(`no identity is left to ask as, so nothing is listed for ${quoted(person)}`);
    return;
  }
  const fitting = seen.filter((one) => fits(one, endpoint.protocol));
  const left = seen.length - fitting.length;
  if (left > 0) trace(`${left} of them cannot open a session of the protocol ${endpoint.protocol}`);
  const perList = Map.groupBy(fitting, ({ SharedCredentialListName }) => SharedCredentialListName ?? '');
  for (const one of fitting) {
    const isOneOfSeveral = (perList.get(one.SharedCredentialListName ?? '')?.length ?? 0) > 1;
    const listing = toListing(one, isOneOfSeveral);
    if (listing.credential.length <= 500) yield listing;
    else trace(`${quoted(listing.label)} is left out: its names are too long`);
  }
}

const see = async (
  call: Call,
  token: Secret,
  endpoint: Endpoint,
  settings: Settings,
  trace: (line: string) => void,
): Promise<readonly Seen[]> => {
  const { sharedCredentialLists: IncludeSharedCredentialLists } = settings;
  const [first, ...others] = domainsOf(endpoint, settings);
  const ask = async (question: Readonly<Record<string, unknown>>, words: string): Promise<readonly Seen[]> => {
    const body = { ...by(token), ...question };
    const answer = await call('AccountStoreOps_ListStoredCredentials', body, SeenList, { repeatable: true });
    const { ListValues, Truncated } = answer.body;
    trace(
      `${words}: ${ListValues.length} found${Truncated === true ? ', and there are more than the vault lists' : ''}`,
    );
    return ListValues;
  };

  const { member, words } = whereOf(endpoint, settings);
  const domainWords =
    first === undefined ? noDomain(endpoint) : `, and of the domain ${quoted(first.name)}: ${first.why}`;
  const found = await ask(
    { ...member, ...(first && { Domain: first.name }), IncludeSharedCredentialLists },
    `asking for credentials of ${words}${domainWords}${IncludeSharedCredentialLists ? ', with shared lists' : ''}`,
  );
  const all = [...found];
  for (const { name, why } of others) {
    all.push(...(await ask({ Domain: name }, `asking for accounts of the domain ${quoted(name)}: ${why}`)));
  }
  return [...new Map(all.map((one) => [toText(toNamed(one)), one])).values()];
};

const whereOf = ({ hostname, address }: Endpoint, { preferAddress }: Settings) => {
  if (preferAddress && address !== null)
    return { member: { IPAddress: address }, words: `the address ${quoted(address)}, which is preferred to the name` };
  const why = preferAddress ? ', because its address is not known' : '';
  return { member: { SystemName: hostname }, words: `the name ${quoted(hostname)}${why}` };
};

const noDomain = ({ domain }: Endpoint): string =>
  domain === null
    ? ''
    : `, and not of its domain ${quoted(domain)}, for which the map of domains needs a line FQDN=NetBIOS`;
