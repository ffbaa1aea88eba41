# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PHP program that evaluates app/etc of a store; settings.py reads its answer."""

from __future__ import annotations

MARK = "storefleet-settings:"

# CPU seconds: an env.php that loops is ended by PHP itself, which then can say where. Waiting is limited by the caller.
LOOP_SECONDS = 20

# No opcache and no debugger: each would only make the start slower. Nothing PHP has to say may reach an output: it
# quotes the line that may hold the password.
OPTIONS = (
    ("opcache.enable_cli", "0"),
    ("xdebug.mode", "off"),
    ("display_errors", "0"),
    ("log_errors", "0"),
    ("memory_limit", "1G"),
)

# Answers MARK and JSON: the settings, or {"failed": kind, "file", "in", "line", "pdo"}; whatever happens, by the
# shutdown function. Which value is at a path is for the store's own DeploymentConfig to say, which differs by version;
# it gets the two files through a reader of ours, so that nothing else of the store is loaded. Where it cannot be had:
# the top-level keys of MAGENTO_DC__OVERRIDE over the files, single values by MAGENTO_DC_PATH__TO__VALUE over that, and
# #env(NAME, "default"). Commerce connects with the array of a connection, where single values may not count.
# The autoloader is there for an env.php that counts on the one of Commerce. User and password go in base64: they may be
# anything but UTF-8. The numbers of the TLS options are those of mysqlnd, for a PHP that has no pdo_mysql.
PROGRAM = r"""
namespace Magento\Framework\App\DeploymentConfig {
    class Reader
    {
        public $files = [];
        public function load() { return $this->files; }
    }
}
namespace {
define('BP', $argv[1]);
set_time_limit((int) $argv[2]);
$state = (object) ['file' => null, 'answered' => false];
$answer = static function (array $values) use ($state) {
    while (ob_get_level() > 0 && ob_end_clean());
    $state->answered = true;
    $json = function_exists('json_encode')
        ? json_encode($values, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR) : '{"failed":"json"}';
    echo "\nstorefleet-settings:", $json, "\n";
};
$fail = static function (string $kind, string $in = '', int $line = 0) use ($state, $answer) {
    $answer(['failed' => $kind, 'file' => $state->file, 'in' => $in, 'line' => $line,
        'pdo' => extension_loaded('pdo_mysql')]);
    exit(0);
};
register_shutdown_function(static function () use ($state, $fail) {
    if ($state->answered) {
        return;
    }
    $error = error_get_last();
    if (!$error || !($error['type'] & (E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR))) {
        $fail('exit');
    }
    $kinds = ['Maximum execution time' => 'loop', 'Allowed memory size' => 'memory'];
    foreach ($kinds as $start => $kind) {
        if (strpos($error['message'], $start) === 0) {
            $fail($kind, $error['file'], $error['line']);
        }
    }
    $fail($error['type'] === E_PARSE ? 'ParseError' : 'Fatal error', $error['file'], $error['line']);
});
spl_autoload_register(static function (string $class) {
    static $loader = null;
    if ($loader === null) {
        $loader = is_file(BP . '/vendor/autoload.php') ? require BP . '/vendor/autoload.php' : false;
    }
    return is_object($loader) ? $loader->loadClass($class) : null;
});
chdir(BP);
ob_start();
$read = static function (string $name) use ($state, $fail) {
    $path = BP . '/app/etc/' . ($state->file = $name);
    if (!file_exists($path)) {
        is_link($path) && $fail('dangling');
        file_exists(dirname($path)) && !is_executable(dirname($path)) && $fail('unreadable');
        return [];
    }
    is_readable($path) || $fail('unreadable');
    is_file($path) && filesize($path) === 0 && $fail('empty');
    try {
        $values = (static function () { return require func_get_arg(0); })($path);
    } catch (\Throwable $error) {
        $fail(get_class($error), $error->getFile(), $error->getLine());
    }
    return is_array($values) ? $values : $fail('no array');
};
$files = array_replace_recursive($read('config.php'), $read('env.php'));
$state->file = null;
$override = json_decode((string) getenv('MAGENTO_DC__OVERRIDE'), true);
$data = array_replace($files, is_array($override) ? $override : []);
$by_rules = static function (string $path) use ($data) {
    foreach (getenv() as $name => $text) {
        if (strpos($name, 'MAGENTO_DC_') !== false
            && strtolower(str_replace(['MAGENTO_DC_', '__'], ['', '/'], $name)) === $path) {
            return $text;
        }
    }
    $found = $data;
    foreach (explode('/', $path) as $key) {
        if (!is_array($found) || !array_key_exists($key, $found)) {
            return null;
        }
        $found = $found[$key];
    }
    if (is_string($found) && preg_match('~^#env\(\s*(\w+)\s*(?:,\s*"([^"]+)")?\)$~', $found, $parts)) {
        $found = getenv($parts[1]) ?: ($parts[2] ?? null);
    }
    return $found;
};
$store = null;
foreach (['vendor/magento/framework', 'lib/internal/Magento/Framework'] as $folder) {
    if ($store === null && is_file(BP . "/$folder/App/DeploymentConfig.php")) {
        try {
            require_once BP . "/$folder/App/DeploymentConfig.php";
            $reader = new \Magento\Framework\App\DeploymentConfig\Reader();
            $reader->files = $files;
            $store = new \Magento\Framework\App\DeploymentConfig($reader);
            $store->get('install/date');
        } catch (\Throwable $error) {
            $store = null;
        }
    }
}
$value = static function (string $path) use ($store, $by_rules) {
    return $store ? $store->get($path) : $by_rules($path);
};
$inside = static function (string $path, string $key) use ($store, $value) {
    $parent = $value($path);
    $found = is_array($parent) ? $parent[$key] ?? null : null;
    return !$store || is_string($found) && strpos($found, '#env(') === 0 ? $value("$path/$key") : $found;
};
$text = static function ($found) {
    return is_scalar($found) ? (string) $found : null;
};
$table = static function ($found) {
    return is_array($found) ? $found : [];
};
$connection = 'db/connection/' . ($text($inside('resource/default_setup', 'connection')) ?: 'default');
$tls = [];
$options = ['key' => 1007, 'cert' => 1008, 'ca' => 1009, 'capath' => 1010, 'cipher' => 1011,
    'verify_server_cert' => 1014];
foreach ($options as $name => $number) {
    $constant = 'PDO::MYSQL_ATTR_SSL_' . strtoupper($name);
    $number = PHP_VERSION_ID < 80400 && defined($constant) ? constant($constant) : $number;
    $found = $inside("$connection/driver_options", (string) $number);
    if (is_scalar($found)) {
        $tls[$name === 'verify_server_cert' ? 'verify' : $name] = $found;
    }
}
$frontends = [];
$option_names = ['server', 'port', 'database', 'cache_dir', 'servers', 'remote_backend', 'local_backend'];
$options_of = static function (string $path, array $names) use ($inside, $text) {
    $found = [];
    foreach ($names as $name) {
        $found[$name] = $text($inside($path, $name));
    }
    return array_filter($found, 'is_string');
};
foreach ($table($value('cache/frontend')) as $name => $frontend) {
    $path = "cache/frontend/$name";
    $frontends[$name] = ['backend' => $text($inside($path, 'backend')),
        'id_prefix' => $text($inside($path, 'id_prefix')),
        'options' => (object) $options_of("$path/backend_options", $option_names),
        'remote_options' => (object) $options_of("$path/backend_options/remote_backend_options", $option_names),
        'local_options' => (object) $options_of("$path/backend_options/local_backend_options", $option_names)];
}
$frontend_of = [];
foreach ($table($value('cache/type')) as $name => $type) {
    $frontend_of[$name] = $text($inside("cache/type/$name", 'frontend'));
}
$environment = [];
foreach (getenv() as $name => $text_of) {
    if (preg_match('/^CONFIG__[a-zA-Z]+[a-zA-Z0-9_]*$/', $name)) {
        $environment[$name] = $text_of;
    }
}
$answer([
    'php' => PHP_VERSION,
    'sapi' => PHP_SAPI,
    'mode' => getenv('MAGE_MODE') ?: $text($value('MAGE_MODE')),
    'installed' => $value('install/date') !== null,
    'modules' => array_map('strval', array_keys(array_filter($table($value('modules'))))),
    'system' => (object) $table($files['system'] ?? null),
    'environment' => (object) $environment,
    'cache_types' => (object) array_map('boolval', $table($value('cache_types'))),
    'cache_frontends' => (object) $frontends,
    'frontend_of' => (object) array_filter($frontend_of, 'is_string'),
    'database' => $value($connection) === null && $inside($connection, 'dbname') === null ? null : [
        'host' => $text($inside($connection, 'host')),
        'port' => $text($inside($connection, 'port')),
        'socket' => $text($inside($connection, 'unix_socket')) ?: ini_get('pdo_mysql.default_socket') ?: null,
        'name' => $text($inside($connection, 'dbname')),
        'user' => base64_encode((string) $text($inside($connection, 'username'))),
        'password' => base64_encode((string) $text($inside($connection, 'password'))),
        'prefix' => (string) $text($value('db/table_prefix')),
        'tls' => (object) $tls,
    ],
]);
}
"""
