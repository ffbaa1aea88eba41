<?php

declare(strict_types=1);

namespace Magento\Framework\Code;

use Magento\Framework\Exception\FileSystemException;

/**
 * Writes classes of one kind into generated/code.
 */
interface GeneratorInterface
{
    /**
     * @return string|null the file's path; null when the name is not one of this kind for something that exists
     * @throws FileSystemException
     */
    public function generate(string $class): ?string;
}
