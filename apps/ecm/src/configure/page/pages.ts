import type { Plugins } from '../../plugins/index.ts';
import type { Entered, FormField } from '../../settings/index.ts';
import type { Draft } from '../draft.ts';
import type { SettingsTest } from '../test-settings.ts';
import { formHtml } from './fields.ts';
import { Html, html } from './html.ts';
import { style } from './style.ts';

/** What the last act came to. */
export interface Note {
  readonly isGood: boolean;
  readonly sentence: string;
}

const page = (title: string, nonce: string, body: Html): string =>
  html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style nonce="${nonce}">${
    // Written here, with nothing of anybody else in it.
    rawStyle
  }</style></head><body><main>${body}</main></body></html>`.text;
const rawStyle = new Html(style);

const noteHtml = (note: Note | null): Html | null =>
  note &&
  html`<div class="note ${note.isGood ? 'good' : 'bad'}" role="${note.isGood ? 'status' : 'alert'}">${note.sentence}</div>`;

const textField = (name: string, title: string, hint: string, value: string, more: Html | false = false): Html =>
  html`<div class="field"><label for="${name}">${title}</label><p class="hint" id="${name}-hint">${hint}</p>
  <input id="${name}" name="${name}" value="${value}" autocomplete="off" spellcheck="false" aria-describedby="${name}-hint"${more}></div>`;

export interface FirstScreen {
  readonly nonce: string;
  readonly draft: Draft;
  readonly isSecretSet: boolean;
  readonly plugins: Plugins;
  readonly chosen: string | null;
  readonly folder: string;
  readonly note: Note | null;
}

/** Site and API account, the plugins, and the token cache. */
export const firstScreen = ({ nonce, draft, isSecretSet, plugins, chosen, folder, note }: FirstScreen): string =>
  page(
    'ECM Configurator',
    nonce,
    html`<header><h1>ECM Configurator</h1><p>What this endpoint credential manager connects to, and which vault it asks.</p></header>
${noteHtml(note)}
<section class="card" aria-labelledby="site-title"><h2 id="site-title">Site and API account</h2><form method="post" action="/account">
${textField('site', 'Site', 'The name of the site, such as access.example.', draft.site, html` required`)}
${textField('clientId', 'Client id', 'Of an API account with the permission Endpoint Credential Manager API.', draft.clientId, html` required`)}
${textField('clientSecret', 'Client secret', 'Shown once when the account was made.', '', html` type="password"${isSecretSet && html` placeholder="Set. Leave it empty to keep it."`}`)}
${textField('name', 'Name of this ECM', 'As the site lists it.', draft.name, html` required`)}
<div class="field"><label for="ca">Certificate authority</label><p class="hint" id="ca-hint">PEM, where the site has a certificate of your own authority. It is then the only one that is trusted.</p>
<textarea id="ca" name="certificateAuthorities" spellcheck="false" aria-describedby="ca-hint">
${draft.certificateAuthorities}</textarea></div>
${textField('siteProxy', 'Proxy to the site', 'Only where your network has one: http://proxy.corp.example:3128.', draft.siteProxy)}
${textField('vaultProxy', 'Proxy to the vault', 'The same for requests of the plugin.', draft.vaultProxy)}
<div class="field"><label for="level">Log</label><select id="level" name="logLevel">
<option value="info"${draft.logLevel === 'info' && html` selected`}>INFO</option><option value="debug"${draft.logLevel === 'debug' && html` selected`}>DEBUG</option></select></div>
<div class="row"><button class="main" name="act" value="save">Save</button><button name="act" value="test">Test connection</button></div>
</form></section>
<section class="card" aria-labelledby="plugins-title"><h2 id="plugins-title">Plugins</h2>
${plugins.found.map(
  ({
    vault: { id, name, summary },
    file,
  }) => html`<div class="plugin"><div><p><strong>${name}</strong> ${id === chosen && html`<span class="tag">in use</span>`}</p>
<p class="hint">${summary}${file !== null && html` (<code>${file}</code>)`}</p></div><a class="button" href="/plugin/${id}" aria-label="Settings of ${name}">⚙ Settings</a></div>`,
)}
${plugins.unusable.map(
  ({ file, reason }) =>
    html`<div class="plugin"><div><p><code>${file}</code></p><p class="bad">Cannot be used: ${reason}</p></div></div>`,
)}
<p class="hint">More plugins go into the folder <code>${folder}</code>; open this page again then.</p></section>
<section class="card" aria-labelledby="tokens-title"><h2 id="tokens-title">Token cache</h2>
<p class="hint">Tokens of the vault are used until they expire. Clearing them makes every identity log in anew.</p>
<form method="post" action="/clear"><div class="row"><button>Clear token cache</button></div></form></section>`,
  );

export interface PluginScreen {
  readonly nonce: string;
  readonly id: string;
  readonly name: string;
  readonly fields: readonly FormField[];
  readonly values: Entered;
  isSet(path: string): boolean;
  readonly user: string;
  readonly endpoint: string;
  readonly test: SettingsTest | null;
  readonly note: Note | null;
}

/** The settings of one plugin, and their test. */
export const pluginScreen = (of: PluginScreen): string =>
  page(
    `${of.name}: settings`,
    of.nonce,
    html`<header><p><a href="/">← All of the ECM</a></p><h1>${of.name}</h1></header>
${noteHtml(of.note)}
<form method="post" action="/plugin/${of.id}"><section class="card" aria-label="Settings">${formHtml(of.fields, of.values, of.isSet)}
<div class="row"><button class="main" name="act" value="save">Save and use this plugin</button></div></section>
<section class="card" aria-labelledby="test-title"><h2 id="test-title">Test settings</h2>
<p class="hint">Asks the vault with what stands above, saved or not. The site is not asked, and no password is retrieved.</p>
${textField('!user', 'User', 'user1, DOMAIN\\username or username@domain', of.user)}
${textField('!endpoint', 'Machine / Endpoint', 'For example my-server-hostname', of.endpoint)}
<div class="row"><button name="act" value="test" formnovalidate>Test settings</button></div>${of.test && testHtml(of.test)}</section></form>`,
  );

const testHtml = ({ failed, sentence, labels, trace }: SettingsTest): Html =>
  html`<div class="note ${failed || labels.length === 0 ? 'bad' : 'good'}" role="status"><strong>${sentence}</strong>
${labels.length > 0 && html`<ul>${labels.map((label) => html`<li>${label}</li>`)}</ul>`}</div>
${trace.length > 0 && html`<details${labels.length === 0 && html` open`}><summary>What was asked of the vault</summary><ol>${trace.map((line) => html`<li>${line}</li>`)}</ol></details>`}`;
