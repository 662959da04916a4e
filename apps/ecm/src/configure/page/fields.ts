import { type Entered, type FormField, valueAt, withValue } from '../../settings/index.ts';
import { type Html, html } from './html.ts';

/** One field of a form: its label, what explains it, and what is entered. A secret is never sent back. */
export const fieldHtml = (field: FormField, values: Entered, isSet: boolean): Html => {
  const { path, title, description, kind, isRequired, choices, standard } = field;
  const value = valueAt(values, path) ?? standard;
  const text = value === undefined || value === null ? '' : String(value);
  const id = `f-${path}`;
  const hint = description !== '' && html`<p class="hint" id="${id}-hint">${description}</p>`;
  const about = description !== '' && html` aria-describedby="${id}-hint"`;
  const required = isRequired && !isSet && html` required`;
  if (kind === 'toggle')
    return html`<div class="check"><input type="checkbox" id="${id}" name="${path}" value="on"${value === true && html` checked`}${about}>
      <div><label for="${id}">${title}</label>${hint}</div></div>`;
  const label = html`<label for="${id}">${title}${isRequired && html` <span aria-hidden="true">*</span>`}</label>`;
  return html`<div class="field">${label}${hint}${inputOf()}</div>`;

  function inputOf(): Html {
    if (kind === 'choice')
      return html`<select id="${id}" name="${path}"${about}>${choices.map(
        (one) => html`<option value="${one.value}"${one.value === text && html` selected`}>${one.title}</option>`,
      )}</select>`;
    const shown = field.isSecret ? '' : text;
    const kept = field.isSecret && isSet && html` placeholder="Set. Leave it empty to keep it."`;
    if (kind === 'lines')
      return html`<textarea id="${id}" name="${path}" spellcheck="false"${about}${required}${kept}>
${shown}</textarea>${remove()}`;
    const type = kind === 'secret' ? 'password' : kind === 'number' ? 'number' : 'text';
    return html`<input id="${id}" name="${path}" type="${type}" value="${shown}" autocomplete="off" spellcheck="false"${about}${required}${kept}>${remove()}`;
  }

  function remove(): Html | false {
    if (!field.isSecret || !isSet || isRequired) return false;
    return html`<div class="check"><input type="checkbox" id="${id}-gone" name="${path}!gone" value="on"><label for="${id}-gone" class="hint">Remove it</label></div>`;
  }
};

/** The fields with those that belong together under one heading. */
export const formHtml = (
  fields: readonly FormField[],
  values: Entered,
  isSet: (path: string) => boolean,
): readonly Html[] => {
  const blocks: { readonly heading: string; readonly parts: Html[] }[] = [];
  for (const field of fields) {
    const heading = headingOf(field, fields);
    const last = blocks.at(-1);
    const block = last?.heading === heading ? last : { heading, parts: [] };
    if (block !== last) blocks.push(block);
    block.parts.push(fieldHtml(field, values, isSet(field.path)));
  }
  return blocks.map(({ heading, parts }) =>
    heading === '' ? html`${parts}` : html`<fieldset><legend>${heading}</legend>${parts}</fieldset>`,
  );
};

const headingOf = ({ group, when }: FormField, fields: readonly FormField[]): string => {
  if (when === null) return group.join(', ');
  const chosen = fields.find(({ path }) => path === when.path);
  const value = chosen?.choices.find(({ value }) => value === when.value)?.title ?? when.value;
  return `Only where ${chosen?.title ?? when.path} is ${value}`;
};

/** What a form sent, as settings. `kept` holds what was entered before and is not sent back: secrets. */
export const valuesFrom = (fields: readonly FormField[], sent: URLSearchParams, kept: Entered): Entered => {
  let values: Entered = {};
  for (const { path, kind, isSecret, when } of fields) {
    if (when !== null && sent.get(when.path) !== when.value) continue;
    // Browsers send lines with a carriage return.
    const text = (sent.get(path) ?? '').replaceAll('\r\n', '\n');
    if (kind === 'toggle') values = withValue(values, path, sent.get(path) === 'on');
    else if (isSecret && sent.get(`${path}!gone`) === 'on') values = withValue(values, path, '');
    else if (isSecret && text === '') values = withValue(values, path, valueAt(kept, path));
    else if (text.trim() === '') continue;
    // What is no number is left to the schema, which says so.
    else if (kind === 'number') values = withValue(values, path, Number.isFinite(Number(text)) ? Number(text) : text);
    else values = withValue(values, path, isSecret ? text : text.trim());
  }
  return values;
};
