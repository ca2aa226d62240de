import {expect, test} from 'vitest';
import {surveyToolchains} from '../../src/survey/toolchains.ts';
import {link, makeSystem, rustc, withProbesRunBelowRoot} from '../support/sysroot.ts';

const triple = 'x86_64-unknown-linux-gnu';
const described = (found: Awaited<ReturnType<typeof surveyToolchains>>) =>
	found.compilers.map(({path, origin, identity}) => [
		path,
		origin,
		identity.status === 'found' ? identity.value.text : identity.status
	]);

test('rustup: identities come from its manifests, and nothing is run', async () => {
	const system = makeSystem({
		rustup: [
			{name: `1.85.1-${triple}`, rustc: rustc.rustup1851},
			{name: `stable-${triple}`, rustc: rustc.rustup1971}
		]
	});
	const found = await surveyToolchains(system.reader());
	expect(described(found)).toEqual([
		[`/home/me/.rustup/toolchains/1.85.1-${triple}/bin/rustc`, 'rustup toolchain 1.85.1', rustc.rustup1851],
		[`/home/me/.rustup/toolchains/stable-${triple}/bin/rustc`, 'rustup toolchain stable', rustc.rustup1971]
	]);
	expect(found.rustup).toEqual({installed: true, home: '/home/me/.rustup', settings: undefined, half: []});
});

test('half a toolchain, as Ctrl-C leaves it, is none', async () => {
	const system = makeSystem({rustup: [{name: `1.85.1-${triple}`, half: true}]});
	system.write(
		`/home/me/.rustup/toolchains/1.97.1-${triple}/bin/rustc`,
		'without its manifest, which rustup writes last'
	);
	expect(await surveyToolchains(system.reader())).toMatchObject({
		compilers: [],
		rustup: {half: [`1.85.1-${triple}`, `1.97.1-${triple}`]}
	});
});

test('RUSTUP_HOME is where the user has it', async () => {
	const system = makeSystem({files: {'/opt/rustup/toolchains/mine/bin/rustc': ''}});
	const found = await surveyToolchains(system.reader({environment: {RUSTUP_HOME: '/opt/rustup'}}));
	expect(described(found)).toEqual([['/opt/rustup/toolchains/mine/bin/rustc', 'rustup toolchain mine', 'unknown']]);
});

test('a linked toolchain without a manifest is asked', async () => {
	const system = makeSystem({rustup: [{name: 'mine'}]});
	system.write('/home/me/.rustup/toolchains/mine/bin/rustc', `#!/bin/sh\necho '${rustc.debian1851}'\n`);
	const found = await surveyToolchains(withProbesRunBelowRoot(system.reader()));
	expect(described(found)).toEqual([
		['/home/me/.rustup/toolchains/mine/bin/rustc', 'rustup toolchain mine', rustc.debian1851]
	]);
});

test("the distribution's compiler is asked", async () => {
	const system = makeSystem({systemRustc: rustc.arch1971});
	expect(described(await surveyToolchains(withProbesRunBelowRoot(system.reader())))).toEqual([
		['/usr/bin/rustc', '/usr/bin/rustc', rustc.arch1971]
	]);
});

test('below a root nothing is run: the version is unknown, not absent', async () => {
	const system = makeSystem({systemRustc: rustc.arch1971});
	expect(described(await surveyToolchains(system.reader()))).toEqual([['/usr/bin/rustc', '/usr/bin/rustc', 'unknown']]);
});

test.each([
	['prints something else', "echo 'rustc: unknown'", 'does not print a rustc version'],
	['fails', 'echo libLLVM.so.22: cannot open >&2; exit 127', 'ended with code 127: libLLVM.so.22: cannot open']
])('a compiler that %s is unknown, and why', async (_what, script, why) => {
	const system = makeSystem({systemRustc: ''});
	system.write('/usr/bin/rustc', `#!/bin/sh\n${script}\n`);
	const {compilers} = await surveyToolchains(withProbesRunBelowRoot(system.reader()));
	expect(compilers.map(one => one.identity)).toEqual([{status: 'unknown', why: expect.stringContaining(why)}]);
});

test("rustup's proxies are left out: links to rustup, and copies of it", async () => {
	const linked = makeSystem({rustup: []});
	link(linked, '/usr/bin/rustc', 'rustup');
	expect((await surveyToolchains(linked.reader())).compilers).toEqual([]);
	const copied = makeSystem({programs: ['rustup', 'rustc']});
	expect((await surveyToolchains(copied.reader())).compilers).toEqual([]);
});

test('one compiler under two names is one', async () => {
	const system = makeSystem({systemRustc: rustc.arch1971});
	link(system, '/usr/local/bin/rustc', '/usr/bin/rustc');
	expect((await surveyToolchains(system.reader())).compilers).toHaveLength(1);
});

test("the distribution's compiler comes before a wrapper that PATH leads to", async () => {
	const system = makeSystem({systemRustc: rustc.arch1971});
	const wrapper = '/home/me/bin/rustc';
	system.write(wrapper, `#!/bin/sh\nexec /usr/bin/rustc "$@"\n`);
	const reader = system.reader();
	const onPath: typeof reader = {
		...reader,
		which: async name => (name === 'rustc' ? {status: 'found', value: wrapper} : reader.which(name))
	};
	expect((await surveyToolchains(onPath)).compilers.map(one => one.path)).toEqual(['/usr/bin/rustc', wrapper]);
});

test('a named compiler comes first, once, and stays the named one', async () => {
	const system = makeSystem({
		rustup: [{name: `1.85.1-${triple}`, rustc: rustc.rustup1851}],
		systemRustc: rustc.arch1971
	});
	const found = await surveyToolchains(withProbesRunBelowRoot(system.reader()), {rustc: '/usr/bin/rustc'});
	expect(found.compilers.map(one => [one.path, one.origin])).toEqual([
		['/usr/bin/rustc', '--rustc'],
		[`/home/me/.rustup/toolchains/1.85.1-${triple}/bin/rustc`, 'rustup toolchain 1.85.1']
	]);
	expect(found.named).toBe(found.compilers[0]);
});

test("one of rustup's that is named is not asked either", async () => {
	const path = `/home/me/.rustup/toolchains/1.85.1-${triple}/bin/rustc`;
	const system = makeSystem({rustup: [{name: `1.85.1-${triple}`, rustc: rustc.rustup1851}]});
	const found = await surveyToolchains(system.reader(), {rustc: path});
	expect(described(found)).toEqual([[path, '--rustc', rustc.rustup1851]]);
	expect(found.named).toBe(found.compilers[0]);
});

test('one that was chosen earlier and is gone is not listed', async () => {
	const system = makeSystem({});
	const found = await surveyToolchains(withProbesRunBelowRoot(system.reader()), {
		rustc: '/opt/gone/rustc',
		origin: 'chosen earlier'
	});
	expect(found.compilers).toEqual([]);
});
