// `npm start`: `gatehouse up`, installed first.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`\n  Gatehouse needs Node 20 or later to start; this is ${process.version}.\n`);
  process.exit(1);
}
process.argv.splice(2, 0, 'up');
await import('../apps/gatehouse/bin/gatehouse.mjs');
