<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

/**
 * A file or directory could not be read, written or removed.
 */
class FileSystemException extends LocalizedException
{
}
