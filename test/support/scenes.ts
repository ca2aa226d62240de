import type {Memory} from '../../src/model/memory.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import type {StepId} from '../../src/model/step.ts';
import type {Judged} from '../../src/model/walk.ts';
import {steps} from '../../src/steps/steps.ts';
import {createView, type Named, type View} from '../../src/survey/view.ts';
import {inspectAll} from '../../src/walk/inspect.ts';
import {
	configs,
	type KernelDescription,
	labRelease,
	makeSystem,
	type ReaderOptions,
	rmeta,
	rustc,
	type System,
	type SystemDescription
} from './sysroot.ts';

/** A system as a user has it, and what the eight steps say of it: `done` or the reason code without the step's name. */
export type Scene = {
	readonly system: SystemDescription;
	readonly reader?: ReaderOptions;
	readonly named?: Named;
	readonly memory?: Memory;
	readonly says: Readonly<Record<StepId, string>>;
	readonly next: StepId | null;
	readonly exit: 0 | 1 | 4;
};

/** linux-rust from the AUR, built with the rustc of rustup. */
export const linuxRust: KernelDescription = {
	release: labRelease,
	package: 'linux-rust',
	config: configs.rustOn612.replace(rustc.debian1851, rustc.rustup1851),
	configIn: 'headers',
	headers: {rustc: rustc.rustup1851}
};
export const rustup1851 = [{name: '1.85.1-x86_64-unknown-linux-gnu', rustc: rustc.rustup1851}];

/** Everything done but the module. */
export const ready: SystemDescription = {running: labRelease, kernels: [linuxRust], rustup: rustup1851};

const stock612: KernelDescription = {release: '6.12.1-arch1-1', package: 'linux'};
const allWait = {boot: 'waits', toolchain: 'waits', metadata: 'waits', build: 'waits', load: 'waits'} as const;
const readySays = {machine: 'done', kernel: 'done', boot: 'done', toolchain: 'done', metadata: 'done'} as const;
const debian72: KernelDescription = {release: '7.2.13+deb14-amd64', config: configs.rustOn72, headers: {}};
const fedoraRustc = 'rustc 1.93.1 (01f6ddf75 2026-02-11) (Fedora 1.93.1-1.fc43)';
const folder = '/home/me/numbers';

/** As it is written when the fixture's module was loaded, heard and unloaded. */
export const heard = (hash: string): Memory => ({
	...emptyMemory,
	modules: [{folder, name: 'numbers'}],
	loads: [
		{
			name: 'numbers',
			hash,
			release: labRelease,
			spoke: ['My numbers are [72, 108, 200]'],
			at: '2026-11-12T10:00:00.000Z'
		}
	]
});

export const scenes = {
	'Arch with the stock linux 6.12, without Rust': {
		system: {running: stock612.release, procConfig: configs.rustOff612, kernels: [{...stock612, headers: {}}]},
		says: {machine: 'done', kernel: 'rust-off', ...allWait, module: 'waits'},
		next: 'kernel',
		exit: 1
	},
	'Arch with linux-rust installed, stock linux running': {
		system: {
			running: stock612.release,
			procConfig: configs.rustOff612,
			kernels: [stock612, linuxRust],
			rustup: rustup1851
		},
		says: {...readySays, boot: 'other-running', module: 'none', build: 'waits', load: 'waits'},
		next: 'boot',
		exit: 4
	},
	'Arch with linux-rust installed without its headers, stock linux running': {
		system: {
			running: stock612.release,
			procConfig: configs.rustOff612,
			kernels: [stock612, {release: labRelease, package: 'linux-rust'}]
		},
		says: {machine: 'done', kernel: 'config-unreadable', ...allWait, module: 'waits'},
		next: 'kernel',
		exit: 1
	},
	'Arch after an upgrade, not rebooted': {
		system: {
			running: '6.12.116-arch1-1-rust',
			procConfig: configs.rustOn612,
			kernels: [linuxRust],
			rustup: rustup1851,
			module: {}
		},
		named: {folder},
		says: {...readySays, boot: 'updated', module: 'done', build: 'never', load: 'waits'},
		next: 'boot',
		exit: 4
	},
	'Arch, no compiler yet': {
		system: {running: labRelease, kernels: [linuxRust]},
		says: {...readySays, toolchain: 'missing', module: 'none', build: 'waits', load: 'waits'},
		next: 'toolchain',
		exit: 1
	},
	'Arch, all done': {
		system: {...ready, module: {ko: true}, loaded: ['ext4', 'numbers']},
		named: {folder},
		says: {...readySays, module: 'done', build: 'done', load: 'done'},
		next: null,
		exit: 0
	},
	'Arch, built and not loaded': {
		system: {...ready, module: {ko: true}},
		named: {folder},
		says: {...readySays, module: 'done', build: 'done', load: 'never'},
		next: 'load',
		exit: 1
	},
	'Arch, sources changed since the build': {
		system: {...ready, module: {ko: true, sourcesNewer: true}},
		named: {folder},
		says: {...readySays, module: 'done', build: 'sources-newer', load: 'waits'},
		next: 'build',
		exit: 1
	},
	'Arch, module built for another release': {
		system: {
			running: '6.12.118-arch1-1-rust',
			kernels: [{...linuxRust, release: '6.12.118-arch1-1-rust'}],
			rustup: rustup1851,
			module: {ko: true}
		},
		named: {folder},
		says: {...readySays, module: 'done', build: 'other-release', load: 'waits'},
		next: 'build',
		exit: 1
	},
	'Arch, headers without target.json': {
		system: {
			...ready,
			kernels: [{...linuxRust, headers: {rustc: rustc.rustup1851, without: ['scripts/target.json']}}]
		},
		says: {...readySays, metadata: 'files-missing', module: 'none', build: 'waits', load: 'waits'},
		next: 'metadata',
		exit: 1
	},
	'Debian 13, without Rust': {
		system: {
			osRelease: 'debian',
			running: '6.12.117+deb13-cloud-amd64',
			kernels: [{release: '6.12.117+deb13-cloud-amd64', config: configs.rustOff612, headers: {}}]
		},
		says: {machine: 'done', kernel: 'rust-off', ...allWait, module: 'waits'},
		next: 'kernel',
		exit: 1
	},
	'Debian unstable: Rust, and headers without its metadata': {
		system: {
			osRelease: 'debian',
			running: debian72.release,
			kernels: [debian72],
			rustup: [{name: '1.97.1-x86_64-unknown-linux-gnu', rustc: rustc.rustup1971}]
		},
		says: {
			...readySays,
			toolchain: 'vendor-differs',
			metadata: 'files-missing',
			module: 'none',
			build: 'waits',
			load: 'waits'
		},
		next: 'toolchain',
		exit: 1
	},
	'Fedora, rustup with the same number': {
		system: {
			osRelease: 'fedora',
			running: '6.18.3-200.fc44.x86_64',
			kernels: [
				{
					release: '6.18.3-200.fc44.x86_64',
					config: configs.rustOn72
						.replace(rustc.debian1971, fedoraRustc)
						.replace('Linux/x86 7.2.13', 'Linux/x86 6.18.3'),
					configIn: 'modules',
					headers: {
						rustc: fedoraRustc,
						content: {'rust/libpin_init.rmeta': rmeta(fedoraRustc), 'rust/libpin_init_internal.so': '\x7fELF'}
					}
				}
			],
			rustup: [{name: '1.93.1-x86_64-unknown-linux-gnu', rustc: 'rustc 1.93.1 (01f6ddf75 2026-02-11)'}]
		},
		says: {...readySays, toolchain: 'vendor-differs', module: 'none', build: 'waits', load: 'waits'},
		next: 'toolchain',
		exit: 1
	},
	'Ubuntu, without the package of the Rust metadata': {
		system: {osRelease: 'ubuntu', running: '7.0.0-14-generic', kernels: [{...debian72, release: '7.0.0-14-generic'}]},
		says: {
			...readySays,
			toolchain: 'missing',
			metadata: 'files-missing',
			module: 'none',
			build: 'waits',
			load: 'waits'
		},
		next: 'toolchain',
		exit: 1
	},
	'Void, without Rust': {
		system: {osRelease: 'void', running: '6.12.60_1', kernels: [{release: '6.12.60_1', config: configs.rustOff612}]},
		says: {machine: 'done', kernel: 'rust-off', ...allWait, module: 'waits'},
		next: 'kernel',
		exit: 1
	},
	'a configuration that cannot be unpacked': {
		system: {running: stock612.release, procConfig: Uint8Array.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), kernels: [stock612]},
		says: {machine: 'done', kernel: 'config-unreadable', ...allWait, module: 'waits'},
		next: 'kernel',
		exit: 1
	},
	'a container: the kernel comes from outside': {
		system: {osRelease: 'debian', running: '7.2.13+deb14-cloud-amd64', procConfig: configs.rustOn72},
		says: {
			machine: 'done',
			kernel: 'done',
			boot: 'nothing-installed',
			toolchain: 'missing',
			metadata: 'headers-missing',
			module: 'none',
			build: 'waits',
			load: 'waits'
		},
		next: 'boot',
		exit: 1
	},
	'no sudo': {
		system: {...ready, programs: ['make', 'clang', 'ld.lld', 'llvm-nm']},
		says: {...readySays, machine: 'no-root', module: 'none', build: 'waits', load: 'waits'},
		next: 'machine',
		exit: 1
	},
	'Secure Boot with lockdown, module not signed': {
		system: {...ready, module: {ko: true}, secureBoot: true, lockdown: 'none [integrity] confidentiality'},
		named: {folder},
		says: {...readySays, module: 'done', build: 'done', load: 'signature-enforced'},
		next: 'load',
		exit: 1
	},
	'a kernel that oopsed': {
		system: {...ready, module: {ko: true}, tainted: 4224, loaded: ['numbers']},
		named: {folder},
		says: {...readySays, module: 'done', build: 'done', load: 'kernel-oopsed'},
		next: 'load',
		exit: 1
	},
	'a mounted system': {
		system: {kernels: [linuxRust], rustup: rustup1851},
		says: {...readySays, boot: 'release-unreadable', module: 'none', build: 'waits', load: 'waits'},
		next: 'boot',
		exit: 1
	}
} as const satisfies Record<string, Scene>;

export const sceneNames = Object.keys(scenes) as (keyof typeof scenes)[];

/** What the steps look at in a system. */
export function viewOf(system: System, scene: Partial<Pick<Scene, 'reader' | 'named' | 'memory'>> = {}): View {
	const reader = system.reader(scene.reader);
	return createView({builder: reader, target: reader, named: scene.named ?? {}, memory: scene.memory ?? emptyMemory});
}

export const inspectScene = (scene: Scene): Promise<readonly Judged[]> =>
	inspectAll(steps, viewOf(makeSystem(scene.system), scene));
