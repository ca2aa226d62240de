import {type CommandName, type Options, type Parsed, parseOptions, wantsJson} from './commands/options.ts';
import {complain, say, sayJson, tolerateClosedPipe} from './commands/output.ts';
import {isUsageError} from './commands/usage-error.ts';

type Run = (options: Options) => Promise<number>;

/** Each command is loaded only when it runs: `check` never pays for the wizard. */
const commands: Readonly<Record<CommandName, () => Promise<Run>>> = {
	wizard: async () => (await import('./commands/wizard.ts')).wizard,
	check: async () => (await import('./commands/check.ts')).check,
	new: async () => (await import('./commands/new.ts')).newModule,
	build: async () => (await import('./commands/build.ts')).build,
	load: async () => (await import('./commands/load.ts')).load,
	unload: async () => (await import('./commands/unload.ts')).unload,
	log: async () => (await import('./commands/log.ts')).log,
	explain: async () => (await import('./commands/explain.ts')).explain,
	review: async () => (await import('./commands/review.ts')).review,
	hook: async () => (await import('./commands/hook.ts')).hook,
	practice: async () => (await import('./commands/practice.ts')).practice
};

/** What these say needs no streams, which are as long in loading as all that `check` reads, and would keep make waiting. */
const withoutStreams: readonly CommandName[] = ['check', 'build', 'explain'];

/** Runs the program; gives its exit code. `keepCompiledCode` lets later runs start faster, and leaves files in the cache folder. */
export async function main(argv: readonly string[], keepCompiledCode: () => void): Promise<number> {
	// a package manager's hook runs as root and only reads: it leaves no cache behind
	if (!argv.includes('--hook')) keepCompiledCode();
	try {
		const parsed: Parsed = parseOptions(argv);
		if (parsed.kind === 'version') {
			const {version} = await import('./commands/version.ts');
			await say(`${version}\n`);
			return 0;
		}
		if (parsed.kind === 'help') {
			const {helpText} = await import('./commands/help.ts');
			await say(helpText(parsed.command));
			return 0;
		}
		if (!withoutStreams.includes(parsed.options.command)) tolerateClosedPipe();
		const run = await commands[parsed.options.command]();
		return await run(parsed.options);
	} catch (error) {
		return report(error, wantsJson(argv));
	}
}

/** Says what went wrong without a stack trace. Anything but a usage error is a fault of this program, and said to be one. */
async function report(error: unknown, json: boolean): Promise<number> {
	const {safeLine} = await import('./text/safe-text.ts');
	const message = safeLine(error instanceof Error ? error.message : String(error));
	const usage = isUsageError(error);
	const code = usage ? error.code : 'internal';
	const remedy = usage
		? error.remedy
		: 'This is a fault of linux-rust-setup; a report with this text helps to mend it.';
	if (json) await sayJson({schema: 1, error: {code, message, remedy}});
	else await complain(`${message}\n${safeLine(remedy)}\n`);
	return usage ? 2 : 1;
}
