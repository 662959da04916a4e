import { read } from './tree.ts';

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly optionalDependencies?: Readonly<Record<string, string>>;
        readonly resolved?: string;
        readonly link?: boolean;
      }
    >
  >;
}

/**
 * Platform packages that the lockfile names but does not hold: `npm install` in a used folder drops those of other
 * platforms, and `npm ci` then refuses the whole file on every machine. Addresses of a registry do not belong in it.
 */
export const lockfile = async (): Promise<readonly string[]> => {
  const { packages }: Lock = JSON.parse(read('package-lock.json'));
  const held = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !held.has(name))
      .map((name) => `${path} names ${name}, which the lockfile does not hold; make it anew without node_modules`),
  );
  const addressed = Object.entries(packages)
    .filter(([, { resolved, link }]) => resolved !== undefined && link !== true)
    .map(([path]) => `${path} has an address; the registry is the installer's choice`);
  return [...missing, ...addressed];
};
