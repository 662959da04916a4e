/** What the client scripting API can have a console do; the names are the vendor's. */
export interface ScriptAction {
  readonly action: string;
  /** By name, as they were written: `search_string`, `jump.method`, `session.custom.external_key`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Why something is no action: the parameter, and a sentence. */
export interface WrongParameter {
  readonly field: string;
  readonly message: string;
}

/** The longest value of a parameter, in characters. */
const most = 255;
/** Of a session attribute. */
const mostOfAttribute = 1_024;
const mostAttributes = 30;

const place = [
  'search_string',
  'client.comments',
  'client.hostname',
  'client.private_ip',
  'client.public_ip',
  'client.tag',
];
const target = ['target', 'jumpoint', 'credential_id'];

/** Parameters of each action, beside session attributes. */
const known: Readonly<Record<string, readonly string[]>> = {
  login: [],
  generate_session_key: ['public_portal_hostname'],
  start_jump_item_session: ['jump.method', 'credential_id', ...place],
  // The older name of the same.
  start_pinned_client_session: place,
  push_and_start_local: target,
  push_and_start_remote: target,
  start_rdp_session: target,
  start_vnc_session: target,
  start_shell_jump_session: target,
  start_vpro_session: target,
};

export const jumpMethods = ['push', 'local_push', 'pinned', 'rdp', 'vnc', 'shelljump'] as const;
export type JumpMethod = (typeof jumpMethods)[number];

/** These say how an action is asked for, and are no part of it. */
const around = new Set(['type', 'operation', 'action']);
const attribute = /^session\.custom\.[A-Za-z0-9_-]{1,100}$/;

/** The action that parameters name. What is not known is refused, so that nothing is left out silently. */
export const readAction = (given: Iterable<readonly [string, string]>): ScriptAction | readonly WrongParameter[] => {
  const all = new Map([...given]);
  const action = all.get('action') ?? '';
  const allowed = Object.hasOwn(known, action) ? known[action] : undefined;
  if (allowed === undefined) return [{ field: 'action', message: `Write one of ${Object.keys(known).join(', ')}.` }];
  const parameters = Object.fromEntries([...all].filter(([name, value]) => !around.has(name) && value !== ''));
  const wrong = Object.entries(parameters).flatMap(([name, value]): readonly WrongParameter[] => {
    const field = name.slice(0, 120);
    const isAttribute = attribute.test(name);
    if (!isAttribute && !allowed.includes(name))
      return [{ field, message: `The action ${action} has no such parameter.` }];
    const limit = isAttribute ? mostOfAttribute : most;
    if (value.length > limit) return [{ field, message: `Write at most ${limit} characters.` }];
    // A line of a file is one action, and ends with its line.
    if (/\p{Cc}/u.test(value)) return [{ field, message: 'Write it without control characters.' }];
    return [];
  });
  if (Object.keys(parameters).filter((name) => attribute.test(name)).length > mostAttributes)
    wrong.push({ field: 'session.custom', message: `Name at most ${mostAttributes} attributes.` });
  const method = parameters['jump.method'];
  if (method !== undefined && !(jumpMethods as readonly string[]).includes(method))
    wrong.push({ field: 'jump.method', message: `Write one of ${jumpMethods.join(', ')}.` });
  if (allowed.includes('search_string') && !place.some((name) => parameters[name] !== undefined))
    wrong.push({ field: 'search_string', message: 'Say what to look for: this, or one of client.*.' });
  if (allowed.includes('target') && parameters.target === undefined)
    wrong.push({ field: 'target', message: 'Name the host.' });
  return wrong.length > 0 ? wrong : { action, parameters };
};

/** Code names of the session attributes that an action sets, and their values. */
export const attributesOf = ({ parameters }: ScriptAction): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      attribute.test(name) ? [[name.slice('session.custom.'.length), value]] : [],
    ),
  );
