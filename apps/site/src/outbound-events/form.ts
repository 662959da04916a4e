/** In this order, then custom fields by name. */
const first = [
  ...['event', 'version', 'timestamp', 'appliance_id', 'lsid', 'external_key'],
  ...['type', 'username', 'user_id', 'display_name', 'conference_name', 'conference_id'],
];

/** What is posted: `application/x-www-form-urlencoded`, the same bytes at every try. */
export const toForm = (parameters: Readonly<Record<string, string>>): string => {
  const rest = Object.keys(parameters)
    .filter((name) => !first.includes(name))
    .toSorted();
  return new URLSearchParams(
    [...first, ...rest].flatMap((name): [string, string][] => {
      const value = parameters[name];
      return value === undefined ? [] : [[name, value]];
    }),
  ).toString();
};
