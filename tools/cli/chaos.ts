/**
 * `npm run chaos -- NAME`: breaks a running platform on purpose and looks, from outside, whether it came back as it should.
 * Ends with 0 only when it did. Each run starts a copy of its own in a temporary folder and removes it afterwards.
 */
const [name, ...args] = process.argv.slice(2);
if (name === 'events') {
  const { runEventsDrill } = await import('../chaos/src/cli.ts');
  process.exit(await runEventsDrill(args));
} else {
  const { runPlatformDrill } = await import('./chaos/platform-drills.ts');
  process.exit(await runPlatformDrill(name, args));
}
