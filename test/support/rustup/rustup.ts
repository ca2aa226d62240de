import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, realpathSync, rmSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';

/** A rustup of its own below a home folder: nothing of the machine's rustup but the program. */
export type PrivateRustup = {
	readonly home: string;
	/** `$RUSTUP_HOME/toolchains` */
	readonly toolchains: string;
	readonly environment: Readonly<Record<string, string>>;
};

export function rustupAt(home: string): PrivateRustup {
	const [rustupHome, cargoHome] = [join(home, '.rustup'), join(home, '.cargo')];
	return {
		home,
		toolchains: join(rustupHome, 'toolchains'),
		environment: {
			HOME: home,
			RUSTUP_HOME: rustupHome,
			CARGO_HOME: cargoHome,
			PATH: `${join(cargoHome, 'bin')}:/usr/bin:/bin`,
			LANG: 'C.UTF-8'
		}
	};
}

/**
 * Sets up a rustup without any toolchain below the folder `home`; no network is needed. `packaged`: the program is a
 * distribution's, which is not its own installer.
 */
export function installRustup(program: string, home: string, options: {readonly packaged: boolean}): void {
	const {environment} = rustupAt(home);
	mkdirSync(join(home, '.cargo/bin'), {recursive: true});
	if (options.packaged) {
		symlinkSync(program, join(home, '.cargo/bin/rustup'));
		return;
	}
	// rustup is its own installer, by the name it is called by
	const installer = join(home, 'rustup-init');
	copyFileSync(realpathSync(program), installer);
	execFileSync(installer, ['-y', '-q', '--no-modify-path', '--default-toolchain', 'none', '--profile', 'minimal'], {
		env: {...environment, RUSTUP_INIT_SKIP_PATH_CHECK: 'yes', RUSTUP_INIT_SKIP_SUDO_CHECK: 'yes'},
		stdio: 'ignore'
	});
	rmSync(installer);
}
