<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\ObjectManagerInterface;

/**
 * The web application: finds the area of a request and lets its front controller answer.
 */
class Http
{
    public function __construct(
        private readonly ObjectManagerInterface $objectManager,
        private readonly AreaList $areaList,
        private readonly State $state,
        private readonly Request $request,
    ) {
    }

    public function launch(): Response
    {
        $area = $this->areaList->getCodeByFrontName($this->request->getFrontName());
        $this->state->setArea($area);
        $this->objectManager->loadArea($area);

        return $this->objectManager->get(FrontControllerInterface::class)->dispatch($this->request);
    }
}
