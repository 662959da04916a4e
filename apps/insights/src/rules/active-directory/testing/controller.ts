import type { Org } from '../../testing/world.ts';

/** A domain controller whose registry was read, as `toController` describes it. Answers its id. */
export const controllerOf = (
  { directory: place }: Org,
  values: Readonly<Record<string, number>>,
  {
    name = 'DC1',
    operatingSystem = 'Windows Server 2022 Standard',
    unknown = [],
  }: { readonly name?: string; readonly operatingSystem?: string | null; readonly unknown?: readonly string[] } = {},
) =>
  place.policy(`controller-${name}`, {
    ...{ type: 'domain_controller', name },
    settings: { host: `${name.toLowerCase()}.corp.example`, operatingSystem, values, unknown: [...unknown] },
  });
