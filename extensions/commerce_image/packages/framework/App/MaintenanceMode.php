<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Filesystem\File;

/**
 * Whether the store is closed, and to whom it is not.
 */
class MaintenanceMode
{
    private const FLAG = '/.maintenance.flag';
    private const ADDRESSES = '/.maintenance.ip';

    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly File $file,
    ) {
    }

    public function isOn(string $clientIp = ''): bool
    {
        return is_file($this->directoryList->getVar() . self::FLAG)
            && !in_array($clientIp, $this->getAddresses(), true);
    }

    public function set(bool $isOn): void
    {
        $flag = $this->directoryList->getVar() . self::FLAG;
        if ($isOn) {
            $this->file->write($flag, '');
        } elseif (is_file($flag)) {
            unlink($flag);
        }
    }

    /**
     * @return list<string> addresses that the store stays open to
     */
    public function getAddresses(): array
    {
        $content = (string)@file_get_contents($this->directoryList->getVar() . self::ADDRESSES);

        return $content === '' ? [] : explode(',', trim($content));
    }

    /**
     * @param list<string> $addresses
     */
    public function setAddresses(array $addresses): void
    {
        $path = $this->directoryList->getVar() . self::ADDRESSES;
        if ($addresses !== []) {
            $this->file->write($path, implode(',', $addresses));
        } elseif (is_file($path)) {
            unlink($path);
        }
    }
}
