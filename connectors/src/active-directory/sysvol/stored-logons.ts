/** An account whose password stands in a preference of a policy. The password itself is not among what is kept. */
export interface StoredLogon {
  /** As the preference names it; null where it does not. */
  readonly account: string | null;
  /** `2013-07-04`; null where it does not say. */
  readonly changedOn: string | null;
}

const mostLogons = 200;

/**
 * Elements of a preference file (MS-GPPREF 2.2) whose `cpassword` is not empty: enciphered with a key that Microsoft
 * published, so as good as in the clear. Reads tags one by one, so that neither a comment nor XML that is not sound hides anything.
 */
export const storedLogons = (xml: string): readonly StoredLogon[] => {
  const found: StoredLogon[] = [];
  let changedOn: string | null = null;
  for (const attributes of tagsIn(xml)) {
    const changed = /^\d{4}-\d\d-\d\d/.exec(attributes.get('changed') ?? '')?.[0];
    // The date stands in the element around the one with the password.
    if (changed !== undefined) changedOn = changed;
    if ((attributes.get('cpassword') ?? '') === '') continue;
    const account = accountNames.map((name) => attributes.get(name)).find(Boolean) ?? null;
    found.push({ account: account?.slice(0, 300) ?? null, changedOn });
    if (found.length === mostLogons) break;
  }
  return found;
};

/** By kind of preference: users and drives, new names of users, tasks, services, data sources and printers. */
const accountNames = ['username', 'newname', 'runas', 'accountname', 'user', 'name'];

/** The attributes of each tag, by name in lower case, those in comments too. Nothing that is looked for reaches past a `<`. */
function* tagsIn(xml: string): Iterable<ReadonlyMap<string, string>> {
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const attributes = new Map<string, string>();
    const attribute = /[\s/]*([^\s=<>"'/]{1,200})(?:\s{0,100}=\s{0,100}(?:"([^"<]*)"|'([^'<]*)'))?/y;
    at += 1;
    attribute.lastIndex = at;
    let isElement = true;
    for (let one = attribute.exec(xml); one !== null; one = attribute.exec(xml)) {
      const [, name = '', double, single] = one;
      if (!isElement) attributes.set(name.toLowerCase(), decoded(double ?? single ?? ''));
      isElement = false;
      at = attribute.lastIndex;
    }
    if (attributes.size > 0) yield attributes;
  }
}

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
