import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {kernelStep} from '../../src/steps/kernel.ts';
import {linuxRust, ready} from '../support/scenes.ts';
import {configs, labRelease} from '../support/sysroot.ts';
import {commandsOf, inspectStep} from './inspect.ts';

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
	const ids = async (programs: readonly string[]): Promise<readonly string[]> =>
		(await inspectStep(kernelStep, {...arch, programs})).remedies.map(one => one.id).filter(id => id !== 'practise');

	test('helpers for the AUR are offered where they are installed, makepkg always, nothing compiled first', async () => {
		expect(await ids(['pacman'])).toEqual(['stock-linux', 'linux-rust-recipe', 'linux-rust-makepkg']);
		expect(await ids(['pacman', 'yay'])).toContain('linux-rust-yay');
		expect(await ids(['pacman', 'paru', 'yay'])).toEqual([
			'stock-linux',
			'linux-rust-recipe',
			'linux-rust-paru',
			'linux-rust-yay',
			'linux-rust-makepkg'
		]);
	});

	test('a recipe from the AUR is reviewed before it runs', async () => {
		const said = await inspectStep(kernelStep, arch);
		expect(await commandsOf(said, 'linux-rust-makepkg')).toEqual([
			'git clone https://aur.archlinux.org/linux-rust.git',
			'linux-rust-setup review linux-rust',
			'makepkg --dir linux-rust -si'
		]);
	});

	test('each way says what it costs', async () => {
		const said = await inspectStep(kernelStep, {...arch, programs: ['paru', 'yay']});
		for (const remedy of said.remedies.filter(one => one.id !== 'practise'))
			expect(remedy.consequence, remedy.id).toMatch(
				remedy.id === 'stock-linux' ? /Minutes/ : /half an hour .*, and 20 GB of disk/
			);
	});

	test('the own recipe is written whole into a folder of its own', async () => {
		const said = await inspectStep(kernelStep, arch);
		const plan = await said.remedies.find(one => one.id === 'linux-rust-recipe')?.plan({});
		const actions = plan?.ok ? plan.actions : [];
		const files = actions.flatMap(action => (action.kind === 'write' ? action.files : []));
		expect(files.map(file => [file.path, file.content])).toEqual(
			['PKGBUILD', 'rust.config'].map(path => [
				path,
				readFileSync(new URL(`../../assets/linux-rust/${path}`, import.meta.url), 'utf8')
			])
		);
		expect(actions.map(action => (action.kind === 'write' ? action.folder : action.kind))).toEqual([
			'/home/me/linux-rust',
			'by-you'
		]);
		expect((await commandsOf(said, 'linux-rust-recipe')).at(-1)).toBe('makepkg --dir linux-rust -si');
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
			kernels: [stock, {release: labRelease, package: 'linux-rust'}]
		});
		expect(said).toMatchObject({status: 'unknown', reason: 'kernel.config-unreadable'});
		expect(said.summary).toBe(`whether linux-rust ${labRelease} has Rust could not be found out`);
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
