<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

/** How a patch stands to the store's files. */
enum Status: string
{
    case Applied = 'Applied';
    case NotApplied = 'Not applied';
    /** Neither applies nor reverts. */
    case NotApplicable = 'N/A';
}
