import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {emptyMemory} from '../../src/model/memory.ts';
import type {Action} from '../../src/model/step.ts';
import {kernelStep} from '../../src/steps/kernel.ts';
import {createView, type Named} from '../../src/survey/view.ts';
import {kconfigFiles} from '../kernel/kconfig-fixtures.ts';
import {linuxRust, ready} from '../support/scenes.ts';
import {configs, labRelease, makeSystem} from '../support/sysroot.ts';
import {commandsOf, inspectStep, saidBy} from './inspect.ts';

const stock = {release: '6.12.1-arch1-1', package: 'linux'} as const;

test('done', async () => {
	expect(await inspectStep(kernelStep, ready)).toMatchObject({
		status: 'done',
		summary: `linux-rust ${labRelease} has Rust support`
	});
});

test('kernel.rust-off names the options that are in the way, with what they need', async () => {
	const said = await inspectStep(kernelStep, {
		running: stock.release,
		procConfig: configs.rustOff612,
		kernels: [stock]
	});
	expect(said).toMatchObject({status: 'todo', reason: 'kernel.rust-off'});
	expect(said.question).toBe(
		'linux 6.12.1-arch1-1 was built without Rust support: CONFIG_RUST_IS_AVAILABLE=n and CONFIG_MODVERSIONS=y are in the way. A Rust kernel is needed.'
	);
	expect(said.evidence).toContainEqual({
		label: 'CONFIG_MODVERSIONS',
		value: expect.stringContaining('needs !MODVERSIONS'),
		source: '/proc/config.gz'
	});
	expect(said.evidence).toContainEqual({label: 'conditions', value: 'the table for Linux 6.12.117'});
	expect(said.evidence).toContainEqual({label: 'note', value: expect.stringContaining('CONFIG_HAVE_RUST=y')});
});

test('kernel.rust-off by the Kconfig files of the headers says so, and what would have to change', async () => {
	const build = `/usr/lib/modules/${stock.release}/build`;
	const said = await inspectStep(kernelStep, {
		running: stock.release,
		procConfig: configs.rustOff612,
		kernels: [stock],
		files: kconfigFiles('6.12.117', build)
	});
	expect(said.evidence).toContainEqual({label: 'conditions', value: `init/Kconfig in ${build}`});
	expect(said.evidence).toContainEqual({
		label: 'CONFIG_MODVERSIONS',
		value: expect.stringMatching(/To have Rust: CONFIG_MODVERSIONS=n\.$/),
		source: '/proc/config.gz'
	});
});

describe('ways to a Rust kernel in the words of the distribution', () => {
	test.each([
		['arch', 'stock-linux', 'sudo pacman -Syu linux linux-headers rust'],
		['debian', 'distribution-kernel', 'apt-cache policy linux-image-amd64'],
		['ubuntu', 'distribution-kernel', 'apt-cache policy linux-image-amd64'],
		['fedora', 'distribution-kernel', 'sudo dnf install kernel kernel-devel rust'],
		['void', 'own-tree', 'make LLVM=1 rustavailable']
	] as const)('%s: %s: %s', async (osRelease, id, command) => {
		const said = await inspectStep(kernelStep, {osRelease, running: stock.release, procConfig: configs.rustOff612});
		expect(await commandsOf(said, id)).toEqual([command]);
	});

	test.each([
		['arch', 'last, behind a kernel that is installed within minutes', -1],
		['debian', 'first', 0],
		['void', 'first', 0]
	] as const)('%s: practising in a VM comes %s', async (osRelease, _where, index) => {
		const said = await inspectStep(kernelStep, {osRelease, running: stock.release, procConfig: configs.rustOff612});
		expect(said.remedies.at(index)?.id).toBe('practise');
		expect(await commandsOf(said, 'practise')).toEqual(['linux-rust-setup practice']);
	});
});

describe('on Arch', () => {
	const arch = {osRelease: 'arch', running: stock.release, procConfig: configs.rustOff612, kernels: [stock]} as const;
	const ids = async (programs: readonly string[], named: Named = {}): Promise<readonly string[]> =>
		(await inspectStep(kernelStep, {...arch, programs}, {named})).remedies
			.map(one => one.id)
			.filter(id => id !== 'practise');
	const planned = async (id: string, scene: Parameters<typeof inspectStep>[2] = {}) => {
		const said = await inspectStep(kernelStep, arch, {reader: {uid: 1000}, ...scene});
		const plan = await said.remedies.find(one => one.id === id)?.plan({});
		return plan?.ok ? plan.actions : plan?.why;
	};

	test('helpers for the AUR are offered where they are installed, the others always, nothing compiled first', async () => {
		const always = ['stock-linux', 'linux-rust-recipe', 'linux-rust-makepkg', 'linux-rust-folder'];
		expect(await ids(['pacman'])).toEqual(always);
		expect(await ids(['pacman', 'yay'])).toContain('linux-rust-yay');
		expect(await ids(['pacman', 'paru', 'yay'])).toEqual([
			...always.slice(0, 2),
			'linux-rust-paru',
			'linux-rust-yay',
			...always.slice(2)
		]);
	});

	test('a folder that was named comes first', async () => {
		expect((await ids([], {recipe: '/home/me/mine'}))[0]).toBe('linux-rust-folder');
	});

	test('a helper gets the terminal, as the user', async () => {
		const said = await inspectStep(kernelStep, {...arch, programs: ['paru']}, {reader: {uid: 1000}});
		const plan = await said.remedies.find(one => one.id === 'linux-rust-paru')?.plan({});
		expect(plan).toMatchObject({
			ok: true,
			actions: [
				{
					kind: 'run',
					command: {argv: ['paru', '-S', 'linux-rust', 'linux-rust-headers'], as: 'user', terminal: 'handed-over'}
				}
			]
		});
	});

	test.each(['linux-rust-recipe', 'linux-rust-makepkg'])(
		'%s: fetched, reviewed, what the build needs, built, installed: root before the build and after it',
		async id => {
			const actions = await planned(id);
			expect(actions).toMatchObject([
				{kind: 'fetch-recipe'},
				{kind: 'review-recipe'},
				{kind: 'install-build-dependencies', command: {as: 'root'}},
				{
					kind: 'build-packages',
					command: {as: 'user', stopWith: 'SIGINT', env: {MAKEFLAGS: expect.stringMatching(/^-j\d/)}}
				},
				{kind: 'install-packages', install: {names: ['linux-rust', 'linux-rust-headers']}}
			]);
		}
	);

	test('the AUR is where --aur says, and everything is built where --build-folder says', async () => {
		const actions = await planned('linux-rust-makepkg', {
			reader: {uid: 1000},
			named: {aur: 'http://127.0.0.1:8080/', buildFolder: '/srv/big'}
		});
		expect(actions).toMatchObject([
			{recipe: {origin: {url: 'http://127.0.0.1:8080/linux-rust.git'}, folder: '/srv/big/aur/linux-rust'}},
			{},
			{},
			{},
			{install: {folder: '/srv/big/aur/packages'}}
		]);
	});

	test('what is known from earlier: the review, the duration, the room', async () => {
		const review = {recipe: 'own', digest: 'ab'.repeat(32), at: '2026-11-12T10:00:00.000Z'};
		const statistics = {
			recipe: 'own',
			units: 26_900,
			seconds: 2460,
			pace: Array.from({length: 20}, (_, index) => (index + 1) * 123),
			bytes: 20e9,
			jobs: 8,
			at: '2026-11-12T11:00:00.000Z'
		};
		const memory = {...emptyMemory, reviews: [review], packageBuilds: [statistics]};
		const said = await inspectStep(kernelStep, arch, {memory});
		expect(said.remedies.find(one => one.id === 'linux-rust-recipe')?.consequence).toMatch(
			/^The last build here took 41 min with 8 jobs and 20 GB\./
		);
		expect(await planned('linux-rust-recipe', {reader: {uid: 1000}, memory})).toMatchObject([
			{},
			{last: review},
			{},
			{build: {earlier: statistics, needs: {build: 22e9}}},
			{}
		]);
	});

	test('root builds nothing, and is told who should', async () => {
		expect(await planned('linux-rust-recipe', {reader: {uid: 0, environment: {SUDO_USER: 'ada'}}})).toBe(
			'makepkg does not build as root: start this again as ada, without sudo'
		);
	});

	test('each way says what it costs', async () => {
		const said = await inspectStep(kernelStep, {...arch, programs: ['paru', 'yay']});
		for (const remedy of said.remedies.filter(one => one.id !== 'practise'))
			expect(remedy.consequence, remedy.id).toMatch(
				remedy.id === 'stock-linux' ? /Minutes/ : /half an hour .*, and 20 GB of disk/
			);
	});

	test('nobody is asked about versions while the machine is looked at', async () => {
		const asked: string[] = [];
		const system = makeSystem(arch);
		const reader = system.reader();
		const said = saidBy(
			await kernelStep.inspect(
				createView({
					builder: {
						...reader,
						probe: async argv => {
							asked.push(argv.join(' '));
							return {status: 'absent'};
						}
					},
					target: reader,
					named: {aur: 'http://127.0.0.1:9'},
					memory: emptyMemory
				})
			)
		);
		expect(asked).toEqual([]);
		const aur = said.remedies.find(one => one.id === 'linux-rust-makepkg');
		expect(await aur?.findOut?.()).toContain('could not be reached (curl is not installed)');
		expect(asked).toEqual([
			expect.stringMatching(/^curl .* http:\/\/127\.0\.0\.1:9\/rpc\/v5\/info\?arg%5B%5D=linux-rust$/)
		]);
	});

	test('the own recipe is written whole, and its makedepends are what is installed before', async () => {
		const actions = await planned('linux-rust-recipe');
		const [fetch, , needed] = Array.isArray(actions) ? (actions as readonly Action[]) : [];
		const files = fetch?.kind === 'fetch-recipe' && fetch.recipe.origin.kind === 'own' ? fetch.recipe.origin.files : [];
		expect(files.map(file => [file.path, file.content])).toEqual(
			['PKGBUILD', 'rust.config'].map(path => [
				path,
				readFileSync(new URL(`../../assets/linux-rust/${path}`, import.meta.url), 'utf8')
			])
		);
		expect(needed?.kind === 'install-build-dependencies' && needed.command.argv.join(' ')).toBe(
			'pacman -S --needed --asdeps bc clang cpio gettext libelf lld llvm openssl pahole perl python rust rust-bindgen rust-src tar xz'
		);
	});
});

describe('kernel.config-unreadable: never taken for "no"', () => {
	test('of the running kernel', async () => {
		const said = await inspectStep(kernelStep, {running: stock.release, kernels: [stock]});
		expect(said).toMatchObject({status: 'unknown', reason: 'kernel.config-unreadable'});
		expect(await commandsOf(said)).toEqual(['sudo modprobe configs']);
	});

	test('of another one that may be the Rust kernel: its headers bring the configuration', async () => {
		const said = await inspectStep(kernelStep, {
			running: stock.release,
			procConfig: configs.rustOff612,
			kernels: [stock, {release: labRelease, package: 'linux-rust'}],
			programs: ['paru']
		});
		expect(said).toMatchObject({status: 'unknown', reason: 'kernel.config-unreadable'});
		expect(said.summary).toBe(`the configuration of ${labRelease} could not be read`);
		expect(await commandsOf(said)).toEqual(['paru -S linux-rust-headers']);
	});

	test('one that is too short to tell', async () => {
		const said = await inspectStep(kernelStep, {running: stock.release, procConfig: 'CONFIG_MODULES=y\n'});
		expect(said.question).toContain('/proc/config.gz is too short to tell');
	});

	test('a damaged one says which file and why', async () => {
		const said = await inspectStep(kernelStep, {
			running: stock.release,
			procConfig: Uint8Array.from([0x1f, 0x8b, 8, 0])
		});
		expect(said.question).toContain('/proc/config.gz is gzip data that cannot be unpacked');
	});
});

test('kernel.not-found', async () => {
	expect(await inspectStep(kernelStep, {})).toMatchObject({status: 'unknown', reason: 'kernel.not-found'});
});

test('kernel.kdir-unusable', async () => {
	expect(await inspectStep(kernelStep, ready, {named: {kdir: '/srv/none'}})).toMatchObject({
		status: 'todo',
		reason: 'kernel.kdir-unusable',
		question: expect.stringContaining('/srv/none does not exist')
	});
});

test('a named build folder without Rust is spoken of, whatever else is installed', async () => {
	const kdir = `/usr/lib/modules/${stock.release}/build`;
	const said = await inspectStep(
		kernelStep,
		{
			running: labRelease,
			kernels: [linuxRust, {...stock, config: configs.rustOff612, configIn: 'headers', headers: {}}]
		},
		{named: {kdir}}
	);
	expect(said).toMatchObject({reason: 'kernel.rust-off', summary: `${stock.release} in ${kdir} is built without Rust`});
});
