import {statSync, utimesSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {builtWithClang, readBuilder, surveyKernels} from '../../src/survey/kernels.ts';
import {fixture} from '../kernel/fixtures.ts';
import {linuxRust} from '../support/scenes.ts';
import {
	configs,
	type KernelDescription,
	labRelease,
	link,
	makeSystem,
	rmeta,
	rustc,
	type System,
	writeHeaders
} from '../support/sysroot.ts';

const stock = {release: '6.12.1-arch1-1', package: 'linux'} as const;

test('the metadata that these tests write begins as rustc writes it', () => {
	const real = fixture('kernels/rmeta/rustup-1.95.0.head');
	const made = rmeta(rustc.rustup1950);
	// all but the position of the root, bytes 9 to 15 of which depend on the crate
	const textEnd = 17 + rustc.rustup1950.length;
	expect([...made.subarray(0, 8)]).toEqual([...real.subarray(0, 8)]);
	expect([...made.subarray(16, textEnd)]).toEqual([...real.subarray(16, textEnd)]);
});

describe('kernels found', () => {
	test('running and installed, newest first, with their packages and what their configurations say', async () => {
		const system = makeSystem({
			running: stock.release,
			procConfig: configs.rustOff612,
			kernels: [stock, linuxRust, {release: '6.9.10-arch1-1', config: configs.rustOn72, package: 'linux-old'}]
		});
		const {all, running, subject} = await surveyKernels(system.reader());
		expect(all.map(one => [one.release, one.package, one.running, one.installed, one.rust])).toEqual([
			[labRelease, 'linux-rust', false, true, 'on'],
			['6.12.1-arch1-1', 'linux', true, true, 'off'],
			['6.9.10-arch1-1', 'linux-old', false, true, 'on']
		]);
		expect(running?.release).toBe(stock.release);
		expect(subject?.release).toBe(labRelease);
	});

	test('the running kernel with Rust comes before a newer one', async () => {
		const newer = {...linuxRust, release: '7.2.13-arch1-1-rust'};
		const system = makeSystem({running: labRelease, kernels: [newer, linuxRust]});
		expect((await surveyKernels(system.reader())).subject?.release).toBe(labRelease);
	});

	test('a running kernel with Rust that was upgraded away gives way to the one the next boot brings', async () => {
		const system = makeSystem({running: '6.12.116-arch1-1-rust', procConfig: configs.rustOn612, kernels: [linuxRust]});
		const {running, subject} = await surveyKernels(system.reader());
		expect([running?.installed, running?.rust]).toEqual([false, 'on']);
		expect(subject?.release).toBe(labRelease);
	});

	test('a folder that an upgrade left behind is no kernel', async () => {
		const system = makeSystem({
			running: labRelease,
			kernels: [linuxRust, {release: '6.12.99-arch1-1-rust', installed: false}]
		});
		expect((await surveyKernels(system.reader())).all.map(one => one.release)).toEqual([labRelease]);
	});

	test('of a mounted system, whose kernels are all without Rust, the newest is spoken of', async () => {
		const system = makeSystem({kernels: [{...stock, config: configs.rustOff612}]});
		const {subject, release} = await surveyKernels(system.reader());
		expect(release.status).toBe('absent');
		expect([subject?.release, subject?.rust]).toEqual([stock.release, 'off']);
	});

	test.each(['linux\u001b[31m', '--config', 'linux rust', '../x', ''])('pkgbase %j is no package name', async name => {
		const system = makeSystem({running: labRelease, kernels: [linuxRust]});
		system.write(`/usr/lib/modules/${labRelease}/pkgbase`, `${name}\n`);
		expect((await surveyKernels(system.reader())).running?.package).toBeUndefined();
	});

	test('with /lib/modules alone, as without merged /usr', async () => {
		const system = makeSystem({
			running: labRelease,
			files: {[`/lib/modules/${labRelease}/modules.order`]: '', [`/boot/config-${labRelease}`]: configs.rustOn612}
		});
		const {subject} = await surveyKernels(system.reader());
		expect([subject?.installed, subject?.kdir]).toEqual([true, `/lib/modules/${labRelease}/build`]);
	});
});

describe('where a configuration is found', () => {
	test.each(['boot', 'modules', 'headers', 'auto.conf'] as const)('%s', async configIn => {
		const config = configIn === 'auto.conf' ? configs.rustOn612Auto : configs.rustOn612;
		const system = makeSystem({running: labRelease, kernels: [{...linuxRust, config, configIn}]});
		const {running} = await surveyKernels(system.reader());
		expect(running?.rust).toBe('on');
		expect(running && builtWithClang(running)).toBe(true);
	});

	test("the running kernel's own word comes before a file", async () => {
		const system = makeSystem({running: labRelease, procConfig: configs.rustOff612, kernels: [linuxRust]});
		const {running} = await surveyKernels(system.reader());
		expect(running?.rust).toBe('off');
		expect(running?.config).toMatchObject({value: {source: '/proc/config.gz'}});
	});

	test('a damaged one is passed over where another is whole', async () => {
		const system = makeSystem({
			running: labRelease,
			procConfig: Uint8Array.from([0x1f, 0x8b, 8, 0]),
			kernels: [linuxRust]
		});
		expect((await surveyKernels(system.reader())).running?.rust).toBe('on');
	});

	test.each([
		['cut off', configs.rustOn612.slice(0, 20)],
		['no configuration', '<html>404</html>\n'],
		['a folder', undefined]
	])('%s: unknown, and why, never "off"', async (_what, content) => {
		const system = makeSystem({running: labRelease, kernels: [{release: labRelease}]});
		if (content === undefined) system.write(`/boot/config-${labRelease}/nothing`, '');
		else system.write(`/boot/config-${labRelease}`, content);
		const {running} = await surveyKernels(system.reader());
		expect(running?.rust).toBe('unknown');
		expect(running?.config).toMatchObject({
			status: 'unknown',
			why: expect.stringContaining(`/boot/config-${labRelease}`)
		});
	});
});

describe('a build folder named by --kdir', () => {
	const system = () => makeSystem({running: stock.release, procConfig: configs.rustOff612, kernels: [stock]});
	const named = async (made: ReturnType<typeof system>, kdir: string) => surveyKernels(made.reader(), {kdir});

	test('its own release and configuration count', async () => {
		const made = system();
		writeHeaders(made.write, '/srv/linux', '7.3.0-rc1', {rustc: rustc.rustup1971});
		made.write('/srv/linux/.config', configs.rustOn72);
		const {subject, kdirProblem} = await named(made, '/srv/linux');
		expect(kdirProblem).toBeUndefined();
		expect(subject).toMatchObject({
			release: '7.3.0-rc1',
			rust: 'on',
			running: false,
			installed: false,
			kdir: '/srv/linux'
		});
	});

	test('the release may stand in utsrelease.h', async () => {
		const made = system();
		made.write('/srv/linux/Makefile', '');
		made.write('/srv/linux/include/generated/utsrelease.h', '#define UTS_RELEASE "6.12.117-arch1-1-rust"\n');
		expect((await named(made, '/srv/linux')).subject?.release).toBe(labRelease);
	});

	test.each([
		['/srv/none', undefined, 'does not exist'],
		['/srv/file', 'x', 'is not a folder'],
		['/srv/empty', '/srv/empty/README', 'has no Makefile'],
		['/srv/bare', '/srv/bare/Makefile', 'never prepared']
	])('%s: %s', async (kdir, file, why) => {
		const made = system();
		if (file !== undefined) made.write(file === 'x' ? kdir : file, '');
		const {subject, kdirProblem} = await named(made, kdir);
		expect(subject).toBeUndefined();
		expect(kdirProblem).toContain(why);
	});

	test('links are followed as the system itself would', async () => {
		const made = system();
		writeHeaders(made.write, '/usr/src/linux-rust', labRelease, {rustc: rustc.rustup1851});
		link(made, '/usr/lib/modules/here', '/usr/src/linux-rust');
		expect((await named(made, '/usr/lib/modules/here')).subject?.release).toBe(labRelease);
	});
});

describe('the compiler in the metadata', () => {
	test('is what its header says', async () => {
		const system = makeSystem({running: labRelease, kernels: [linuxRust]});
		const kdir = `/usr/lib/modules/${labRelease}/build`;
		expect(await readBuilder(system.reader(), kdir)).toEqual({
			status: 'found',
			value: {value: rustc.rustup1851, source: `${kdir}/rust/libcore.rmeta`}
		});
	});

	test.each([
		['empty', ''],
		['cut off', rmeta(rustc.rustup1851).subarray(0, 20)],
		['an archive', '!<arch>\n'],
		['other bytes', 'x'.repeat(300)]
	])('%s: unknown, naming the file', async (_what, content) => {
		const system = makeSystem({files: {'/k/rust/libcore.rmeta': content}});
		expect(await readBuilder(system.reader(), '/k')).toMatchObject({
			status: 'unknown',
			why: expect.stringContaining('/k/rust/libcore.rmeta')
		});
	});

	test('missing: absent', async () => {
		expect(await readBuilder(makeSystem({}).reader(), '/k')).toEqual({status: 'absent'});
	});
});

test.each(['', 'a/b\n'])('a running release of %j is unknown', async text => {
	const system = makeSystem({files: {'/proc/sys/kernel/osrelease': text}});
	expect((await surveyKernels(system.reader())).release.status).toBe('unknown');
});

describe('metadata that was rebuilt beside the headers', () => {
	const modules = `/usr/lib/modules/${labRelease}/build`;
	const rebuilt = `/home/me/.local/share/linux-rust-setup/metadata/${labRelease}`;
	/** Headers without Rust, and a folder of ours that was made for them as they are. */
	function scene(headers: KernelDescription['headers'] = {}) {
		const system = makeSystem({running: labRelease, kernels: [{...linuxRust, headers}]});
		const symvers = `${modules}/Module.symvers`;
		system.write(symvers, '0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n');
		const {size, mtimeMs} = statSync(system.path(symvers));
		system.write(`${rebuilt}/linux-rust-setup.made-for`, `${symvers} ${size} ${Math.floor(mtimeMs / 1000)}\n`);
		return {system, symvers, subject: async () => (await surveyKernels(system.reader())).subject};
	}

	test('is what modules are built against', async () => {
		expect(await scene().subject()).toMatchObject({
			kdir: rebuilt,
			headers: modules,
			rebuilt: {path: rebuilt, state: 'fits'}
		});
	});

	test('counts for headers that are named, too', async () => {
		const {system} = scene();
		expect((await surveyKernels(system.reader(), {kdir: modules})).subject?.kdir).toBe(rebuilt);
	});

	test('is not needed where the headers are whole', async () => {
		expect(await scene({rustc: rustc.rustup1851}).subject()).toMatchObject({kdir: modules, rebuilt: {state: 'fits'}});
	});

	test('is, where they lack one file', async () => {
		const one = scene({rustc: rustc.rustup1851, without: ['rust/libffi.rmeta']});
		expect((await one.subject())?.kdir).toBe(rebuilt);
	});

	test.each([
		['changed', (system: System, file: string) => system.write(file, 'other symbols\n')],
		['gone', (system: System, file: string) => system.remove(file)],
		['dated otherwise', (system: System, file: string) => utimesSync(system.path(file), 1, 1)]
	])('is outdated when what it was made for is %s', async (_what, harm) => {
		const {system, symvers, subject} = scene();
		harm(system, symvers);
		expect(await subject()).toMatchObject({kdir: modules, rebuilt: {state: 'outdated'}});
	});

	test('of other headers does not count', async () => {
		const {system, subject} = scene();
		system.write(`${rebuilt}/linux-rust-setup.made-for`, '/etc/os-release 1 1\n');
		expect(await subject()).toMatchObject({kdir: modules, rebuilt: {state: 'outdated'}});
	});
});
