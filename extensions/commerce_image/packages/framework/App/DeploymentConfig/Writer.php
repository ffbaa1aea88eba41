<?php

declare(strict_types=1);

namespace Magento\Framework\App\DeploymentConfig;

use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Exception\FileSystemException;

/**
 * Writes into app/etc/env.php and app/etc/config.php.
 */
class Writer
{
    private const INDENT = '    ';

    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly DeploymentConfig $deploymentConfig,
    ) {
    }

    /**
     * Written in place: the file may be a link into a folder that all releases share.
     *
     * @param array<string, mixed> $changes merged over what the file says
     * @throws FileSystemException
     */
    public function merge(string $fileName, array $changes): void
    {
        $data = array_replace_recursive($this->deploymentConfig->readFile($fileName), $changes);
        $this->write($fileName, $data);
    }

    /**
     * @param array<string, mixed> $data
     * @throws FileSystemException
     */
    public function write(string $fileName, array $data): void
    {
        $path = $this->directoryList->getConfig() . '/' . $fileName;
        $isNew = !file_exists($path);
        if (@file_put_contents($path, "<?php\nreturn " . $this->export($data) . ";\n", LOCK_EX) === false) {
            throw new FileSystemException('The file "%1" cannot be written.', [$path]);
        }
        if ($isNew) {
            chmod($path, 0660);
        }
        $this->deploymentConfig->reset();
    }

    private function export(mixed $value, string $indent = ''): string
    {
        if (!is_array($value)) {
            return $value === null ? 'null' : var_export($value, true);
        }
        $lines = [];
        foreach ($value as $key => $item) {
            $key = array_is_list($value) ? '' : var_export($key, true) . ' => ';
            $lines[] = $indent . self::INDENT . $key . $this->export($item, $indent . self::INDENT);
        }

        return $lines === [] ? '[]' : "[\n" . implode(",\n", $lines) . "\n$indent]";
    }
}
