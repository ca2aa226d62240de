/** What a child may inherit: who and where the user is, how to reach the network, where their toolchains are. Nothing else. */
const inherited = [
	'HOME',
	'USER',
	'LOGNAME',
	'SHELL',
	'TERM',
	'TMPDIR',
	'DISPLAY',
	'WAYLAND_DISPLAY',
	'SSH_AUTH_SOCK',
	'XDG_CACHE_HOME',
	'XDG_CONFIG_HOME',
	'XDG_DATA_HOME',
	'XDG_STATE_HOME',
	'XDG_RUNTIME_DIR',
	'RUSTUP_HOME',
	'CARGO_HOME',
	'GNUPGHOME',
	'RUSTUP_DIST_SERVER',
	'RUSTUP_UPDATE_ROOT',
	'http_proxy',
	'https_proxy',
	'no_proxy',
	'all_proxy',
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'NO_PROXY',
	'ALL_PROXY',
	// of a proxy that looks into what is encrypted
	'SSL_CERT_FILE',
	'SSL_CERT_DIR'
] as const;

/**
 * The environment of every child. `LC_ALL=C.UTF-8` keeps messages readable to us; `RUSTUP_AUTO_INSTALL=0` because rustup's own
 * queries and proxies download a missing toolchain otherwise; RUST_BACKTRACE stays out because it is appended to every error.
 */
export function childEnvironment(
	own: Readonly<Record<string, string | undefined>>,
	path: readonly string[],
	added: Readonly<Record<string, string>> = {}
): Record<string, string> {
	const environment: Record<string, string> = {PATH: path.join(':'), LC_ALL: 'C.UTF-8', RUSTUP_AUTO_INSTALL: '0'};
	for (const name of inherited) {
		const value = own[name];
		if (value !== undefined) environment[name] = value;
	}
	return {...environment, ...added};
}
