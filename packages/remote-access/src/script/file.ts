import type { ScriptAction } from './actions.ts';

const mostActions = 10;

/** Everything but letters, digits and `-._~`, as RFC 3986 says: `+` is no space here. */
const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const query = ({ action, parameters }: ScriptAction): string =>
  Object.entries({ action, ...parameters })
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&');

/** The file that the desktop console opens. @throws RangeError for more than ten actions, or none */
export const writeScript = (actions: readonly ScriptAction[]): string => {
  if (actions.length === 0 || actions.length > mostActions)
    throw new RangeError(`a script has 1 to ${mostActions} actions, not ${actions.length}`);
  return `BRCS1.0\n${actions.map((action) => `${query(action)}\n`).join('')}`;
};

/** The console of a site knows files for it by this ending. */
export const scriptExtension = (company: string): string =>
  `brcs-${company.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '') || 'site'}`;

/** Where a browser gets the file for the desktop console. */
export const desktopAddress = (origin: string, action: ScriptAction): string =>
  `${new URL(origin).origin}/api/client_script?type=rep&operation=generate&${query(action)}`;

/** Where a browser has the web console do it; it asks who comes to sign in. Only `start_jump_item_session` is done there. */
export const consoleAddress = (origin: string, action: ScriptAction): string =>
  `${new URL(origin).origin}/api/client_script?type=web_console&operation=execute&${query(action)}`;
