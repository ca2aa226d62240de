import {describe, expect, test} from 'vitest';
import {runInGuest} from './lab.ts';

type Check = {
	readonly steps: readonly {
		readonly id: string;
		readonly status: string;
		readonly reason?: string;
		readonly evidence: readonly {readonly label: string; readonly value: string}[];
	}[];
};

describe('headers with one Rust file missing at a time', () => {
	test('each is named by check before anything is built, and explained from the log of a build that was tried all the same', async () => {
		const {code, files} = await runInGuest(
			`set -e
			 build=/usr/lib/modules/$(uname -r)/build
			 mkdir src; cd src
			 linux-rust-setup new hello --template hello --quiet
			 for file in $(cd $build && ls rust/*.rmeta rust/*.so scripts/target.json); do
				sudo -n mv $build/$file /tmp/aside
				name=$(basename $file)
				linux-rust-setup check metadata --json > /results/$name.check.json || true
				make -C $build M=$PWD/hello LLVM=1 RUSTC=/usr/bin/rustc modules > /results/$name.log 2>&1 && exit 1
				linux-rust-setup explain /results/$name.log --json > /results/$name.explain.json
				sudo -n mv /tmp/aside $build/$file
			 done
			 linux-rust-setup check metadata --json > /results/whole.json
			 linux-rust-setup build hello`,
			{
				prepare: 'echo "dev ALL=(root) NOPASSWD: ALL" > /etc/sudoers.d/dev; chmod 440 /etc/sudoers.d/dev',
				timeout: 240_000
			}
		);
		expect(code).toBe(0);
		const removed = Object.keys(files)
			.filter(name => name.endsWith('.check.json'))
			.map(name => name.slice(0, -'.check.json'.length));
		// 6.12: seven crates' metadata, the macros, the target
		expect(removed.sort()).toEqual(
			[
				'libbindings.rmeta',
				'libbuild_error.rmeta',
				'libcompiler_builtins.rmeta',
				'libcore.rmeta',
				'libffi.rmeta',
				'libkernel.rmeta',
				'libmacros.so',
				'libuapi.rmeta',
				'target.json'
			].sort()
		);
		for (const name of removed) {
			const [metadata] = (JSON.parse(files[`${name}.check.json`] ?? '') as Check).steps;
			expect(metadata, name).toMatchObject({id: 'metadata', status: 'todo', reason: 'metadata.files-missing'});
			const named = metadata?.evidence.filter(one => one.label === 'missing').map(one => one.value) ?? [];
			expect(named, name).toEqual([expect.stringMatching(new RegExp(`/${name}$`))]);
			const {failures} = JSON.parse(files[`${name}.explain.json`] ?? '') as {
				failures: readonly {id: string; severity: string}[];
			};
			expect(failures.filter(one => one.severity === 'error').map(one => one.id)[0], name).toMatch(
				name === 'target.json' ? /^target\.json$/ : /^E0463$/
			);
		}
		expect((JSON.parse(files['whole.json'] ?? '') as Check).steps[0]).toMatchObject({id: 'metadata', status: 'done'});
	}, 300_000);
});
