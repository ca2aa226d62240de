import {readKernelLogAsRoot} from '../machine/kernel-log-access.ts';
import type {Command} from '../model/command.ts';
import type {Evidence, LoadAction, Remedy, Step} from '../model/step.ts';
import type {MachineFacts} from '../survey/machine.ts';
import {type BuiltModule, hashOf, largestModule, loadedModules, type ModuleFolder} from '../survey/module.ts';
import type {View} from '../survey/view.ts';
import {builtByDkms} from './build.ts';
import {signatureRefusal} from './load-check.ts';
import {runnableHere, tryInPractice} from './practise.ts';
import {byYou, done, open, remedy, shown} from './verdict.ts';

/** Does it run: is it loaded, or was this very file loaded, heard and unloaded on this release? */
export const loadStep: Step<View> = {
	id: 'load',
	question: 'Does it run?',
	needs: ['boot', 'build'],
	async inspect(view) {
		const [{subject}, module, machine, loaded] = await Promise.all([
			view.kernels(),
			view.module(),
			view.machine(),
			loadedModules(view.target)
		]);
		// a kernel that oopsed comes first: what it lists as loaded may be the very module that broke it
		if (machine.oopsed) {
			return open('blocked', 'load.kernel-oopsed', {
				summary: 'the kernel oopsed and should not be trusted',
				question:
					'The running kernel oopsed since it was booted (taint flag D): a bug hit it, memory may be damaged, and loading is refused until a reboot.',
				evidence: [{label: 'taint', value: 'D, the kernel died once', source: '/proc/sys/kernel/tainted'}],
				remedies: [
					byYou({
						id: 'reboot',
						label: 'Save your work and reboot',
						consequence: 'The module that failed is not loaded again by itself.',
						commands: [shown(['reboot'], 'an oopsed kernel cannot be repaired while it runs', 'root')]
					}),
					...(module.status === 'found' ? [await tryFirst(view, module.value)] : [])
				]
			});
		}
		if (subject === undefined || module.status !== 'found' || module.value.built.status !== 'found') {
			return open('blocked', 'load.not-built', {
				summary: 'nothing is built yet',
				question: 'There is no built module to load yet.',
				evidence: []
			});
		}
		const [name] = module.value.names;
		// what DKMS made for this kernel, where the folder's own module is for another one
		const dkms = builtByDkms(subject, module.value);
		const own = module.value.built.value;
		const bytes = dkms === undefined ? undefined : await view.builder.readBytes(dkms, largestModule);
		const built = dkms === undefined || bytes?.status !== 'found' ? own : {...own, path: dkms, bytes: bytes.value};
		// known from the look before, mostly: node's part for hashing alone takes as long as the rest of this step
		const hash = await view.builder.derived(built.path, 'sha256', hashOf, largestModule);
		const known = hash.status === 'found' ? hash.value : undefined;
		const action = loadAction(module.value, built, subject.release, machine, [], known);
		const evidence: Evidence[] = [
			{label: 'file', value: `${name}.ko, sha256 ${action.hash.slice(0, 12)}…`, source: built.path}
		];
		if (loaded.status === 'found' && loaded.value.has(kernelName(name))) {
			return done(`${name} is loaded`, [
				...evidence,
				{label: 'loaded', value: kernelName(name), source: '/proc/modules'}
			]);
		}
		const heard = view.memory.loads.find(one => one.hash === action.hash && one.release === subject.release);
		if (heard !== undefined) {
			return done(`${name} was loaded, said ${countedLines(heard.spoke)}, and was unloaded`, [
				...evidence,
				...heard.spoke.map(line => ({label: 'said', value: line, source: `kernel log, ${heard.at}`}))
			]);
		}
		const trial = view.memory.trials?.find(one => one.hash === action.hash && one.release === subject.release);
		if (trial !== undefined)
			evidence.push({
				label: 'tried',
				value: `this very file, in the practice VM: it said ${countedLines(trial.spoke)}`,
				source: `practice VM, ${trial.at}`
			});
		const refusal = signatureRefusal(machine, built);
		if (refusal !== undefined) {
			return open('todo', 'load.signature-enforced', {
				summary: 'this kernel loads only signed modules',
				question: `${refusal.why} The module is not signed, so insmod would end with "${refusal.message}".`,
				evidence,
				remedies: [
					byYou({
						id: 'sign',
						label: 'Sign the module with a key this machine trusts',
						commands: [shown(['mokutil', '--list-enrolled'], 'shows which keys the machine trusts')],
						text: 'Sign with scripts/sign-file of the kernel headers, or turn Secure Boot off in the firmware.'
					}),
					await tryFirst(view, module.value)
				]
			});
		}
		const before = view.memory.loads.some(one => one.name === action.name);
		return open(before ? 'stale' : 'todo', before ? 'load.changed' : 'load.never', {
			summary: before ? `${name}.ko changed since it was last loaded` : `${name} is not loaded`,
			question: `${name}.ko is ready for ${subject.release}. Load it and watch the kernel log?`,
			evidence,
			remedies: [
				remedy({
					id: 'load',
					label: `Load ${name}, watch it speak, unload it`,
					consequence: 'The kernel is marked as tainted by an out-of-tree module until the next boot; that is normal.',
					actions: [{kind: 'load', load: action}],
					undo: `sudo rmmod ${kernelName(name)}`
				}),
				await tryFirst(view, module.value)
			]
		});
	}
};

const countedLines = ({length}: readonly string[]): string => (length === 1 ? 'one line' : `${length} lines`);

const tryFirst = async (view: View, {names, folder}: ModuleFolder): Promise<Remedy> =>
	tryInPractice(names[0], folder, await runnableHere(view));

/** The kernel knows a module by its file name with `-` as `_` (scripts/Makefile.lib, name-fix). */
export const kernelName = (name: string): string => name.replaceAll('-', '_');

/** What loading this very file means: its hash is the evidence's key, and asked for again before it is loaded. `parameters`: `name=value`, checked. */
export function loadAction(
	module: ModuleFolder,
	built: BuiltModule,
	release: string,
	machine: MachineFacts,
	parameters: readonly string[] = [],
	hash = hashOf(built.bytes)
): LoadAction {
	const name = kernelName(module.names[0]);
	return {
		name,
		file: built.path,
		hash,
		release,
		...(machine.kernelLogNeedsRoot ? {listen: readKernelLogAsRoot} : {}),
		afterwards: 'unload',
		insmod: insmodCommand(built.path, parameters),
		rmmod: rmmodCommand(name)
	};
}

const insmodCommand = (file: string, parameters: readonly string[]): Command => ({
	argv: ['insmod', file, ...parameters],
	as: 'root',
	terminal: 'captured',
	interrupt: 'never',
	why: 'puts the module into the running kernel; only root may'
});

/** `rmmod` for a module by the name the kernel knows it by. */
export const rmmodCommand = (name: string): Command => ({
	argv: ['rmmod', name],
	as: 'root',
	terminal: 'captured',
	interrupt: 'never',
	why: 'takes it out again; only root may'
});
