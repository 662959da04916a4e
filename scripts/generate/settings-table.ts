import { describe } from '../../packages/fields/src/index.ts';

type Schema = ReturnType<typeof describe>;

/** The settings as a table of Markdown, from their own description: those of alternatives and tables, too. */
export const settingsTable = (config: Parameters<typeof describe>[0]): readonly string[] => [
  '| name | title | required | secret | where to find it |',
  '|---|---|---|---|---|',
  ...rows(describe(config), ''),
];

const rows = (schema: Schema, path: string): readonly string[] => {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property !== 'object') return [''];
    const own = `| \`${path}${name}\` | ${property.title ?? ''} | ${required.includes(name) ? 'yes' : 'no'} | ${property.writeOnly ? 'yes' : 'no'} | ${(property.description ?? '').replaceAll('<', '&lt;')} |`;
    const alternatives = [...(property.oneOf ?? []), ...(property.anyOf ?? [])].filter(
      (one) => typeof one === 'object',
    );
    const inner = [property, ...alternatives].flatMap((one) => inside(one as Schema, `${path}${name}.`));
    return [own, ...inner];
  });
};

/** Without the constant that tells an alternative from the others, and without what stands in several of them twice. */
const inside = (schema: Schema, path: string): readonly string[] => {
  const entered = Object.entries(schema.properties ?? {}).filter(
    ([, property]) => typeof property === 'object' && property.const === undefined,
  );
  return rows({ ...schema, properties: Object.fromEntries(entered) }, path);
};
