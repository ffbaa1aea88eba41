<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

use RuntimeException;

/** Something that the user of the tool is told. */
final class PatchException extends RuntimeException
{
}
