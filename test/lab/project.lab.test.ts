import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {runInGuest} from './lab.ts';

const modules = join(import.meta.dirname, '../fixtures/modules');
/** The administrator of this machine lets dev become root without a password: a job without a terminal cannot type one. */
const prepare = 'echo "dev ALL=(root) NOPASSWD: ALL" > /etc/sudoers.d/dev; chmod 440 /etc/sudoers.d/dev';

/** What a script said between two of its `=== NAME` lines. */
const part = (output: string, name: string): string => {
	const [, said = ''] = output.split(`=== ${name}\n`);
	return said.split('\n=== ')[0] ?? '';
};

describe.concurrent('a project that is kept', () => {
	test('hello: git, author, its own Makefile loads and unloads it; a second new shows the differences', async () => {
		const {output, files} = await runInGuest(
			`git config --global user.name 'Ada Lovelace'; git config --global user.email ada@example.org
			 mkdir src; cd src
			 echo "=== new"; linux-rust-setup new hello; echo "ended with $?"
			 cp hello/hello.rs hello/rust-project.json /results/
			 git -C hello log 2>&1 | head -1; git -C hello status --short --branch
			 echo "=== make"; cd hello; make load; make log; make unload; make log; make clean; git status --short
			 echo "=== again"; cd ..; echo '// mine' >> hello/hello.rs; linux-rust-setup new hello; echo "ended with $?"
			 echo "=== json"; linux-rust-setup new hello --json
			 echo "=== inside"; cd hello; linux-rust-setup new inner --dry-run | tail -1
			 echo "=== refused"; linux-rust-setup new more --template parameters; echo "ended with $?"
			 linux-rust-setup new more --template misc-device; echo "ended with $?"
			 echo "=== end"`,
			{prepare}
		);
		const made = part(output, 'new');
		expect(made).toContain(
			'git init --quiet /home/dev/src/hello   (makes the new folder a git repository; nothing is committed)'
		);
		expect(made).toMatch(/ended with 0\nfatal: your current branch '\S+' does not have any commits yet/);
		expect(made).toMatch(/\?\? hello\.rs/);
		expect(made).not.toContain('?? rust-project.json');
		expect(files['hello.rs']).toContain('author: "Ada Lovelace <ada@example.org>"');
		const project = JSON.parse(files['rust-project.json'] ?? '');
		expect(project.crates[0].cfg).toEqual(expect.arrayContaining(['CONFIG_RUST', 'MODULE']));

		const kept = part(output, 'make');
		expect(kept).toMatch(/RUSTC \[M\].*hello\.o/);
		expect(kept).toMatch(
			/sudo insmod hello\.ko[\s\S]*hello: Hello from Rust[\s\S]*sudo rmmod hello[\s\S]*hello: Goodbye from Rust/
		);
		expect(kept).not.toMatch(/\?\? .*\.(?:o|ko|cmd|mod)/);

		const again = part(output, 'again');
		expect(again).toContain('is the same: Kbuild');
		expect(again).toMatch(/differs: hello\.rs\n {3}--- hello\.rs\n {3}\+\+\+ hello\.rs\n[\s\S]*\n {3}-\/\/ mine\n/);
		expect(again).toMatch(/nothing is overwritten[\s\S]*ended with 1/);
		expect(JSON.parse(part(output, 'json'))).toMatchObject({outcome: 'refused', exit: 1});
		expect(part(output, 'inside')).not.toContain('git init');
		expect(part(output, 'refused')).toMatch(
			/from Linux 6\.19 on[\s\S]*ended with 1\n[\s\S]*from Linux 6\.14 on[\s\S]*ended with 1/
		);
	});

	test('numbers: what the kernel would refuse is refused before insmod, with its cure', async () => {
		const {output} = await runInGuest(
			`mkdir src; cd src; linux-rust-setup new numbers --template numbers --quiet; linux-rust-setup build numbers --quiet
			 echo "=== parameter"; linux-rust-setup load numbers times=5; echo "ended with $?"
			 echo "=== words"; linux-rust-setup load numbers more; echo "ended with $?"
			 echo "=== make"; cd numbers; make load; make log; make unload; make log; cd ..
			 echo "=== vermagic"; cp /opt/module-for-another-release/numbers.ko numbers/; linux-rust-setup load numbers; echo "ended with $?"
			 echo "=== end"`,
			{prepare}
		);
		expect(part(output, 'parameter')).toMatch(
			/The module has no parameter times\.\nIt has none\. .* from Linux 6\.19 on\.\nended with 1/
		);
		expect(part(output, 'words')).toMatch(/"more" is neither[\s\S]*ended with 2/);
		expect(part(output, 'make')).toMatch(
			/sudo insmod numbers\.ko[\s\S]*sudo rmmod numbers[\s\S]*My numbers are \[72, 108, 200\]/
		);
		expect(part(output, 'vermagic')).toMatch(
			/was built for \S+, and the running kernel is 6\.12\.\S+: it would be refused with "Invalid module format"\.\nBoot \S+, or build it for this kernel: linux-rust-setup build \/home\/dev\/src\/numbers\nended with 1/
		);
	});

	test('a module in use: who uses it; an error in the source: its file, its line and the code', async () => {
		const {output, files} = await runInGuest(
			`mkdir src; cd src; cp -r /job/busy /job/typeerr .; linux-rust-setup build busy --quiet
			 echo "=== busy"; linux-rust-setup load busy --quiet; linux-rust-setup unload busy; echo "ended with $?"
			 linux-rust-setup build typeerr --json > /results/build.json 2> /dev/null
			 echo "=== source"; linux-rust-setup explain "$(ls ~/.local/state/linux-rust-setup/logs/build-*.log | tail -1)"; echo "ended with $?"
			 echo "=== end"`,
			{prepare, carry: {busy: join(modules, 'busy'), typeerr: join(modules, 'typeerr')}}
		);
		expect(part(output, 'busy')).toMatch(
			/The module busy is in use by one reference that no other module holds[\s\S]*ended with 3/
		);
		const {failures, exit} = JSON.parse(files['build.json'] ?? '');
		expect(exit).toBe(3);
		expect(failures[0]).toMatchObject({
			id: 'source.rustc',
			source: {file: expect.stringMatching(/typeerr\.rs$/), line: expect.any(Number)}
		});
		expect(part(output, 'source')).toMatch(/error: source\.rustc\n.*typeerr\.rs[\s\S]*\n +\d+ \| .*\n +\| +\^/);
	});
});
