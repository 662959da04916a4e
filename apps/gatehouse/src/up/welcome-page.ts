/** One line under a field, or above the form. */
export interface Complaint {
  readonly field: string | null;
  readonly message: string;
}

export interface Entered {
  readonly name: string;
  readonly email: string;
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};
const text = (words: string): string => words.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** Light and dark as the system says; colours with a contrast of 4.5 or more. */
const style = `
:root { color-scheme: light dark; --line: light-dark(#d5dae1, #39414d); --soft: light-dark(#f4f6f9, #171b21);
  --card: light-dark(#fff, #20262e); --text: light-dark(#1b2430, #e6eaf0); --dim: light-dark(#546071, #a5b0bf);
  --main: light-dark(#1f5fbf, #7fb0ff); --on: light-dark(#fff, #0d1420); --bad: light-dark(#a3211d, #ff9c96); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--soft); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 3rem 1rem; display: grid; gap: 1rem; }
h1 { font-size: 1.5rem; margin: 0; } p, ol, ul { margin: 0; } ol, ul { padding-left: 1.25rem; } .dim { color: var(--dim); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; display: grid; gap: 1rem; }
.field { display: grid; gap: .25rem; } label { font-weight: 600; }
input { font: inherit; color: inherit; background: var(--soft); width: 100%; padding: .5rem .65rem;
  border: 1px solid light-dark(#7b8797, #75808f); border-radius: 8px; }
button { font: inherit; font-weight: 600; padding: .55rem 1rem; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--main); background: var(--main); color: var(--on); }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; } a { color: var(--main); } .bad { color: var(--bad); }
`;

const page = (nonce: string, title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)} · Gatehouse</title>
<style nonce="${nonce}">${style}</style>
</head>
<body><main><h1>${text(title)}</h1>${body}</main></body>
</html>
`;

const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const fields = [
  { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name', hint: '' },
  { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', hint: 'You sign in with it.' },
  {
    ...{ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password' },
    hint: 'At least 12 characters. Several words are easy to keep in mind.',
  },
  { name: 'again', label: 'Password again', type: 'password', autocomplete: 'new-password', hint: '' },
] as const;

/** Asks for the account of the first administrator, once for all programs. */
export const formPage = (of: {
  readonly nonce: string;
  readonly key: string;
  readonly programs: readonly string[];
  readonly entered: Entered;
  readonly complaints: readonly Complaint[];
}): string => {
  const { nonce, key, programs, entered, complaints } = of;
  const general = complaints.filter(({ field }) => !fields.some(({ name }) => name === field));
  const inputs = fields.map(({ name, label, type, autocomplete, hint }) => {
    const bad = complaints.filter(({ field }) => field === name).map(({ message }) => message);
    const value = name === 'name' || name === 'email' ? ` value="${text(entered[name])}"` : '';
    const under =
      bad.length > 0
        ? `<p class="bad" id="about-${name}">${text(bad.join(' '))}</p>`
        : `<p class="dim" id="about-${name}">${text(hint)}</p>`;
    return `<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" aria-describedby="about-${name}"${value} required${bad.length > 0 ? ' aria-invalid="true"' : ''}>${under}</div>`;
  });
  const above = general.map(({ message }) => `<p class="bad" role="alert">${text(message)}</p>`).join('');
  return page(
    nonce,
    'Welcome to Gatehouse',
    `<p class="dim">You become the first administrator of ${text(joined(programs))} on this machine.</p>
<form class="card" method="post" action="/welcome">${above}
<input type="hidden" name="key" value="${text(key)}">
${inputs.join('\n')}
<button type="submit">Set password and sign in</button></form>`,
  );
};

/** Says where to go, and what to look at first. */
export const donePage = (of: {
  readonly nonce: string;
  readonly programs: readonly { readonly title: string; readonly url: string }[];
  readonly tour: readonly string[];
  readonly wrong: string | null;
}): string => {
  const { nonce, programs, tour, wrong } = of;
  const above = wrong === null ? '' : `<p class="bad" role="alert">${text(wrong)}</p>`;
  const links = programs.map(({ title, url }) => `<li><a href="${text(url)}">${text(title)}</a></li>`).join('');
  const steps = tour.map((step) => `<li>${text(step)}</li>`).join('');
  return page(
    nonce,
    'You are the administrator',
    `<p class="dim">You are signed in to each of them. Later, sign in to each with the same e-mail and password.</p>
<div class="card">${above}<ul>${links}</ul>${steps === '' ? '' : `<p>Try it:</p><ol>${steps}</ol>`}</div>`,
  );
};

/** For a link that was used, or never was one. */
export const usedPage = (
  nonce: string,
  programs: readonly { readonly title: string; readonly url: string }[],
): string =>
  page(
    nonce,
    'This link does not work any more',
    `<div class="card"><p>It works once. Sign in with what was set then:</p><ul>${programs
      .map(({ title, url }) => `<li><a href="${text(url)}">${text(title)}</a></li>`)
      .join('')}</ul></div>`,
  );
